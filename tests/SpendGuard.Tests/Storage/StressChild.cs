using System.Diagnostics;

namespace SpendGuard.Tests.Storage;

/// <summary>Starts the program that works on a file from a process of its own.</summary>
internal static class StressChild
{
    public static Process Hammer(string file, string agent, int calls)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet") 
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "SpendGuard.StressChild.dll"), "hammer", file, agent, $"{calls}"])
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start) ?? throw new InvalidOperationException("The child did not start.");
    }
}
