using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.Json;
using SpendGuard.Names;

namespace SpendGuard.Sidecar.Settings;

/// <summary>
/// Finds names that are set and that nobody reads. What such a setting was meant to do, as to charge what cannot be known, would not be done,
/// and nobody would see it. The command line and the file are the sidecar's, so each of their names has to be known. The environment is
/// everybody's: only names that begin as the sidecar's do are looked at, or that hardly differ from one.
/// </summary>
internal static partial class UnknownNames
{
    private const string Section = "SpendGuard";
    private const string Providers = "Providers";

    private static readonly string[] Prefixes = ["CAP_", "SPENDGUARD_"];

    /// <summary>What the names of the environment that are read as settings below another begin with: two underscores stand for that.</summary>
    private static readonly string[] Sections = [Section, "CAP"];

    private const string Address = "ASPNETCORE_URLS";

    /// <summary>What is read by the host itself, below the names that settings have.</summary>
    private static readonly string[] OfHost = ["urls", ConfigurationSources.File, "Kestrel", "Logging", "shutdownTimeoutSeconds"];

    /// <summary>Those of the command, of clients and of programs that it runs, which may stand in the same environment.</summary>
    private static readonly string[] OfOthers =
        ["CAP_API_KEY", "CAP_BASE_URL", "SPENDGUARD_AGENT_ID", "SPENDGUARD_API_KEY", "SPENDGUARD_RUN_KEY", "SPENDGUARD_RUN_URL"];

    public static void Check(SettingsReader reader, IConfigurationRoot configuration)
    {
        string[] known = [.. reader.Names.Where(name => !name.Contains(':', StringComparison.Ordinal)).Order(StringComparer.Ordinal), .. OfHost];
        string[] ofEnvironment = [.. known, .. OfOthers, Address];
        var unknown = configuration.Providers.SelectMany(provider => provider switch
        {
            CommandLineConfigurationProvider => NamesOf(provider).Where(name => !IsRead(name, known)).Select(name => FaultOf(name, known, dashes: "--")),
            JsonStreamConfigurationProvider => NamesOf(provider).Where(name => !IsRead(name, known)).Select(name => FaultOf(name, known)),
            _ => NamesOf(provider).Where(name => IsOurs(name, provider, configuration, known) && !IsRead(name, ofEnvironment)).Select(name => FaultOf(name, ofEnvironment)),
        });
        foreach (var fault in unknown.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            reader.Fault(fault, 0);
        }

        foreach (var name in known.Where(name => !OfHost.Contains(name) && configuration.GetSection(name).GetChildren().Any()))
        {
            reader.Fault($"{name} is a value, and has '{configuration.GetSection(name).GetChildren().First().Key}' below it. Write it as one value.", 0);
        }

        foreach (var name in configuration.Providers.OfType<CommandLineConfigurationProvider>()
            .SelectMany(line => NamesOf(line).Where(name => IsRead(name, known) && line.TryGet(name, out var value) && value is "")))
        {
            reader.Fault($"--{name} is empty. Give it a value, or leave it out.", 0);
        }
    }

    private static string FaultOf(string name, string[] known, string dashes = "")
    {
        var shown = dashes + name;
        var nearest = NearestTo(name, known);
        return OfOthers.Contains(name, StringComparer.OrdinalIgnoreCase) ? $"{shown} is for commands and clients, and the sidecar does not read it. Take it out."
            : IsNear(name, nearest) ? $"{shown} is no setting. The nearest is {dashes}{nearest}: set that, or take {shown} out."
            : $"{shown} is no setting, nor like one. Take it out.";
    }

    /// <summary>The names at the top, and those right below our own.</summary>
    private static IEnumerable<string> NamesOf(IConfigurationProvider provider) => provider.GetChildKeys([], null)
        .Distinct(StringComparer.OrdinalIgnoreCase)
        .SelectMany(name => Sections.Contains(name, StringComparer.OrdinalIgnoreCase) && provider.GetChildKeys([], name).Distinct(StringComparer.OrdinalIgnoreCase).ToList() is { Count: > 0 } below
            ? below.Select(key => $"{name}:{key}")
            : [name]);

    private static bool IsRead(string name, string[] known) =>
        known.Contains(name, StringComparer.OrdinalIgnoreCase)
        || name.Equals($"{Section}:{Providers}", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("OTEL_", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// What is nearly a provider's address or key, where that is not set: <c>OPENAI_BASE_ULR</c> would leave calls to the provider that a
    /// gateway was meant to stand before.
    /// </summary>
    private static bool IsNearlyOfProvider(string name, IConfigurationRoot configuration, string[] known) =>
        !known.Contains(name, StringComparer.OrdinalIgnoreCase)
        && known.Any(setting => setting.IndexOf('_', StringComparison.Ordinal) is > 0 and var end && !Prefixes.Contains(setting[..(end + 1)])
            && name.StartsWith(setting[..(end + 1)], StringComparison.OrdinalIgnoreCase)
            && Nearness.Distance(name, setting) is 1 or 2 && configuration[setting] is not { Length: > 0 });

    private static bool IsOurs(string name, IConfigurationProvider provider, IConfigurationRoot configuration, string[] known) =>
        (Prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            && provider.TryGet(name, out var value) && value is { Length: > 0 }
            && !IsOfPlatform(name, value))
        || IsNearlyProviders(name)
        || known.Contains(name.Replace(':', '_'), StringComparer.OrdinalIgnoreCase)
        || Nearness.Distance(name, Address) is 1 or 2
        || IsNearlyOfProvider(name, configuration, known);

    /// <summary>What else is below the same name may be of a host of the library's.</summary>
    private static bool IsNearlyProviders(string name) =>
        name.StartsWith(Section + ":", StringComparison.OrdinalIgnoreCase) && Nearness.Distance(name[(Section.Length + 1)..], Providers) <= 2;

    /// <summary>Kubernetes and Docker tell every program where the services beside it are, by the names of those.</summary>
    private static bool IsOfPlatform(string name, string value) =>
        ServicePlace().IsMatch(name) || (name.EndsWith("_PORT", StringComparison.OrdinalIgnoreCase) && ServiceAddress().IsMatch(value));

    private static string NearestTo(string name, string[] known) =>
        known.Append($"{Section}:{Providers}").MinBy(setting => IsTailOf(setting, name) || IsTailOf(name, setting) ? 0 : Nearness.Distance(name, setting))!;

    /// <summary>Near enough that whoever wrote one may have meant the other: nobody is told to set what he has not meant.</summary>
    private static bool IsNear(string name, string setting)
    {
        if (IsTailOf(setting, name) || IsTailOf(name, setting))
        {
            return true;
        }

        var (own, other) = (WithoutPrefix(name), WithoutPrefix(setting));
        return IsTailOf(own, other)
            || (own.Contains('_', StringComparison.Ordinal) && LastWord(own).Equals(LastWord(other), StringComparison.OrdinalIgnoreCase))
            || Nearness.Distance(own, other) <= Math.Max(2, own.Length / 2);
    }

    private static string WithoutPrefix(string name) =>
        Prefixes.Append(Section + ":").FirstOrDefault(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) is { } prefix ? name[prefix.Length..] : name;

    private static string LastWord(string name) => name[(name.LastIndexOf('_') + 1)..];

    private static bool IsTailOf(string tail, string name) => name.EndsWith("_" + tail, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex("^[A-Z]+_([A-Z0-9_]+_)?(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT_[0-9]+_(TCP|UDP|SCTP)(_(ADDR|PORT|PROTO))?)$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ServicePlace();

    [GeneratedRegex("^(tcp|udp|sctp)://", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ServiceAddress();
}
