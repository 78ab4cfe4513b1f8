using System.Diagnostics;

namespace SpendGuard.Clients.Tests.Running;

/// <summary>Processes that have left the tree of the one that started them, as servers in the background do.</summary>
internal static class LeftBehind
{
    /// <summary>Kills those that have a line in their environment that is a test's own.</summary>
    public static void Kill(string mark)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _)))
        {
            try
            {
                if (File.ReadAllText(Path.Combine(folder, "environ")).Split('\0').Contains(mark, StringComparer.Ordinal))
                {
                    using var process = Process.GetProcessById(int.Parse(Path.GetFileName(folder)));
                    process.Kill(entireProcessTree: true);
                }
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException)
            {
                // It has ended by itself, or is none of ours.
            }
        }
    }
}
