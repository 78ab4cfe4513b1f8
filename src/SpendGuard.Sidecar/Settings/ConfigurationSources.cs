using System.Text.Json;

namespace SpendGuard.Sidecar.Settings;

/// <summary>
/// Where settings come from: a file that is named, the environment, and the command line, of which the later go over the earlier. Nothing
/// is read from the folder that the sidecar is started in: whoever may write there would say where the providers' keys are sent.
/// </summary>
internal static class ConfigurationSources
{
    private const string File = "config";

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
    /// <exception cref="SettingsException">The file cannot be read.</exception>
    public static void AddSources(this ConfigurationManager configuration, string[] args)
    {
        if (new ConfigurationBuilder().AddCommandLine(args).Build()[File] is { Length: > 0 } path)
        {
            configuration.AddFile(Path.GetFullPath(path));
        }

        configuration
            .AddEnvironmentVariables("DOTNET_")
            .AddEnvironmentVariables("ASPNETCORE_")
            .AddEnvironmentVariables()
            .AddCommandLine(args);
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
