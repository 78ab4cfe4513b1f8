using System.Runtime.InteropServices;

namespace SpendGuard.Cli.Runs.Children;

/// <summary>Sends a signal to a process, which .NET has no way for but to kill it.</summary>
internal static partial class Signals
{
    public const int Hangup = 1;
    public const int Interrupt = 2;
    public const int Terminate = 15;

    /// <summary>Does nothing where the process has gone already.</summary>
    public static void Send(int process, int signal)
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = Kill(process, signal);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int process, int signal);
}
