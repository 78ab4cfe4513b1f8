using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using SpendGuard.Names;

namespace SpendGuard.AspNetCore.Settings;

/// <summary>What stands under <c>SpendGuard</c> in a host's settings.</summary>
/// <param name="Changes">What each setting that is there does to the options.</param>
/// <param name="Store">The setting that names the store; null where none does.</param>
internal sealed record HostSettings(IReadOnlyList<Action<SpendGuardOptions>> Changes, string? Store)
{
    public const string Section = "SpendGuard";

    private const string Sqlite = nameof(Sqlite);
    private const string Postgres = nameof(Postgres);

    /// <param name="section">The settings.</param>
    /// <param name="contentRoot">The folder that relative paths are from.</param>
    /// <param name="postgres">How the setting of that name is used; null where the application has not said.</param>
    /// <exception cref="OptionsValidationException">Names all that is wrong.</exception>
    public static HostSettings Read(
        IConfigurationSection section, string contentRoot, Func<SpendGuardOptions, string, SpendGuardOptions>? postgres)
    {
        var known = Known(contentRoot, postgres);
        var changes = new List<Action<SpendGuardOptions>>();
        var faults = new List<string>();
        var scratch = new SpendGuardOptions();
        foreach (var setting in section.GetChildren())
        {
            if (FaultOf(setting, known, scratch) is { } fault)
            {
                faults.Add(fault);
            }
            else
            {
                changes.Add(options => known[setting.Key](options, setting.Value!));
            }
        }

        if (section.Value is { Length: > 0 })
        {
            faults.Add($"{Section} has settings below it, and takes no value itself.");
        }

        if (section[Sqlite] is not null && section[Postgres] is not null)
        {
            faults.Add($"{Section}:{Sqlite} and {Section}:{Postgres} both name a store. Leave one of them out.");
        }

        return faults.Count == 0
            ? new HostSettings(changes, section[Sqlite] is not null ? Sqlite : section[Postgres] is not null ? Postgres : null)
            : throw new OptionsValidationException(Section, typeof(SpendGuardOptions), faults);
    }

    /// <summary>Sets the options up: by the settings, and then in code.</summary>
    /// <exception cref="InvalidOperationException">Both choose a store.</exception>
    public void Apply(SpendGuardOptions options, Action<SpendGuardOptions>? configure)
    {
        foreach (var change in Changes)
        {
            change(options);
        }

        var chosen = options.Store;
        configure?.Invoke(options);
        if (Store is not null && options.Store != chosen)
        {
            throw new InvalidOperationException(
                $"The setting {Section}:{Store} names the store, and what AddSpendGuard is given chooses another. Leave one of them out.");
        }
    }

    private static Dictionary<string, Action<SpendGuardOptions, string>> Known(
        string contentRoot, Func<SpendGuardOptions, string, SpendGuardOptions>? postgres) => new(StringComparer.OrdinalIgnoreCase)
        {
            // First as it is written: behind a folder a connection string would be a path.
            [Sqlite] = (options, path) => options.UseSqlite(path).UseSqlite(Path.Combine(contentRoot, path)),
            [Postgres] = (options, connection) => PostgresBy(postgres)(options, connection),
            ["PriceFile"] = (options, path) => options.Prices = PriceFile.Read(Path.Combine(contentRoot, path)),
            [nameof(SpendGuardOptions.DefaultOutputTokens)] = (options, value) => options.DefaultOutputTokens = Values.Whole(value),
            [nameof(SpendGuardOptions.LeastUsefulOutputTokens)] = (options, value) => options.LeastUsefulOutputTokens = Values.Whole(value),
            [nameof(SpendGuardOptions.LeastReasoningOutputTokens)] = (options, value) => options.LeastReasoningOutputTokens = Values.Whole(value),
            [nameof(SpendGuardOptions.LockedWait)] = (options, value) => options.LockedWait = Values.Time(value),
            [nameof(SpendGuardOptions.ApprovalWait)] = (options, value) => options.ApprovalWait = Values.Time(value),
            [nameof(SpendGuardOptions.SingleCallsWait)] = (options, value) => options.SingleCallsWait = Values.YesOrNo(value),
            [nameof(SpendGuardOptions.MaxWaitingCalls)] = (options, value) => options.MaxWaitingCalls = Values.Count(value),
            [nameof(SpendGuardOptions.FirstMaxInFlight)] = (options, value) => options.FirstMaxInFlight = Values.Count(value),
            [nameof(SpendGuardOptions.FirstMaxCallShare)] = (options, value) => options.FirstMaxCallShare = Values.Count(value),
            [nameof(SpendGuardOptions.ReservationLifetime)] = (options, value) => options.ReservationLifetime = Values.Time(value),
            [nameof(SpendGuardOptions.LongestCall)] = (options, value) => options.LongestCall = Values.Time(value),
            [nameof(SpendGuardOptions.MaxBackgroundCalls)] = (options, value) => options.MaxBackgroundCalls = Values.Count(value),
            [nameof(SpendGuardOptions.MetricsOfAgents)] = (options, value) => options.MetricsOfAgents = Values.Count(value),
            [nameof(SpendGuardOptions.ForfeitOverloads)] = (options, value) => options.ForfeitOverloads = Values.YesOrNo(value),
        };

    private static Func<SpendGuardOptions, string, SpendGuardOptions> PostgresBy(Func<SpendGuardOptions, string, SpendGuardOptions>? postgres) =>
        postgres ?? throw new FormatException(
            "is set, and the application has not said what for. Add the package SpendGuard.PostgreSql, and call"
            + " builder.AddSpendGuard(postgres: PostgresOptionsExtensions.UsePostgres).");

    private static string? FaultOf(
        IConfigurationSection setting, Dictionary<string, Action<SpendGuardOptions, string>> known, SpendGuardOptions scratch)
    {
        var name = $"{Section}:{setting.Key}";
        if (!known.TryGetValue(setting.Key, out var change))
        {
            return known.Keys.Order(StringComparer.Ordinal).Where(key => Nearness.IsNear(setting.Key, key)).MinBy(key => Nearness.Distance(setting.Key, key)) is { } nearest
                ? $"{name} is no setting. Did you mean {Section}:{nearest}?"
                : $"{name} is no setting. There are {string.Join(", ", known.Keys.Order(StringComparer.Ordinal))}.";
        }

        if (setting.GetChildren().Any())
        {
            return $"{name} takes one value, and has settings below it.";
        }

        if (string.IsNullOrWhiteSpace(setting.Value))
        {
            return $"{name} is empty. Give it a value, or leave it out.";
        }

        // A connection string has a password in it, which whatever cannot read it might repeat.
        var isSecret = setting.Key.Equals(Postgres, StringComparison.OrdinalIgnoreCase);
        try
        {
            change(scratch, setting.Value);
            return null;
        }
        catch (FormatException fault)
        {
            return $"{name} {fault.Message}";
        }
        catch (ArgumentException fault) when (!isSecret)
        {
            return $"{name} is '{setting.Value}'. {fault.Message.Split(" (Parameter", 2)[0].Split('\n', 2)[0]}";
        }
        catch (ArgumentException) when (isSecret)
        {
            return $"{name} cannot be read as a connection string. It is as Npgsql takes it, or an address such as postgresql://user:password@host/database.";
        }
    }
}
