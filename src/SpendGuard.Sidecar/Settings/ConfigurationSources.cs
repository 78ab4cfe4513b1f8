using System.Text.Json;

namespace SpendGuard.Sidecar.Settings;

/// <summary>
/// Where settings come from: a file that is named, the environment, and the command line, of which the later go over the earlier. Nothing
/// is read from the folder that the sidecar is started in: whoever may write there would say where the providers' keys are sent.
/// </summary>
internal static class ConfigurationSources
{
    /// <summary>What names the file.</summary>
    public const string File = "config";

    /// <summary>A builder that has read nothing and watches nothing.</summary>
    public static WebApplicationBuilder CreateBuilder()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(ConfigurationSources).Assembly.GetName().Name,
            EnvironmentName = Environments.Production,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Configuration.Sources.Clear();
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRoutingCore();
        return builder;
    }

    /// <param name="configuration">What is added to.</param>
    /// <param name="args">The command line; <c>--config FILE</c> names a JSON file.</param>
    /// <param name="environment">The environment; null for that of this process.</param>
    /// <exception cref="SettingsException">The file cannot be read.</exception>
    public static void AddSources(this ConfigurationManager configuration, string[] args, IReadOnlyDictionary<string, string>? environment)
    {
        if (new ConfigurationBuilder().AddCommandLine(args).Build()[File] is { Length: > 0 } path)
        {
            configuration.AddFile(Path.GetFullPath(path));
        }

        environment ??= OfProcess();
        configuration
            .AddInMemoryCollection(Of(environment, "DOTNET_"))
            .AddInMemoryCollection(Of(environment, "ASPNETCORE_"))
            .AddInMemoryCollection(Of(environment, ""))
            .AddCommandLine(args);
    }

    private static Dictionary<string, string> OfProcess() => Environment.GetEnvironmentVariables()
        .Cast<System.Collections.DictionaryEntry>()
        .ToDictionary(static variable => (string)variable.Key, static variable => (string?)variable.Value ?? "", StringComparer.Ordinal);

    /// <summary>The variables that begin so, without that; two underscores of theirs are the colon of a setting.</summary>
    private static Dictionary<string, string?> Of(IReadOnlyDictionary<string, string> environment, string prefix)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in environment)
        {
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                settings[name[prefix.Length..].Replace("__", ":", StringComparison.Ordinal)] = value;
            }
        }

        return settings;
    }

    /// <summary>Read once: a file that changes is read at the next start.</summary>
    private static void AddFile(this ConfigurationManager configuration, string path)
    {
        try
        {
            using var stream = System.IO.File.OpenRead(path);
            configuration.AddJsonStream(stream);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException or InvalidDataException or JsonException)
        {
            throw new SettingsException([$"--{File} names '{path}', which cannot be read: {exception.Message}"]);
        }
    }
}
