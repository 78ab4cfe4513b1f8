using System.Diagnostics;
using SpendGuard.Testing;

namespace SpendGuard.Sidecar.BlackBox.Tests;

/// <summary>The sidecar that is tested: the build beside these tests, or the executable that the environment names.</summary>
internal static class SidecarExecutable
{
    private const string Variable = "SPENDGUARD_SIDECAR_EXECUTABLE";

    /// <summary>The native executable; null for the build.</summary>
    public static string? Native { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path ? path : null;

    /// <summary>A start with the given settings and no others, whatever this process has in its environment.</summary>
    public static ProcessStartInfo Start(string folder, IReadOnlyDictionary<string, string> settings, params IEnumerable<string> args)
    {
        var start = Native is null
            ? new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [Repository.Built("SpendGuard.Sidecar")])
            : new ProcessStartInfo(Native);
        foreach (var arg in args)
        {
            start.ArgumentList.Add(arg);
        }

        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.UseShellExecute = false;
        start.WorkingDirectory = folder;
        start.WithoutSettings();

        // Whatever has no database of its own has one in its working folder, and none in the home of who runs the tests.
        start.Environment["XDG_DATA_HOME"] = folder;
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        return start;
    }
}
