namespace SpendGuard.Cli;

/// <summary>What the process ends with. Scripts act on these.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>The command was understood and could not be done, or what it checks is not as it should be.</summary>
    public const int Failed = 1;

    /// <summary>The command line or a setting is wrong.</summary>
    public const int Usage = 2;

    /// <summary>The program of a run is there and cannot be started; as shells have it.</summary>
    public const int CannotStart = 126;

    /// <summary>The program of a run is not there; as shells have it.</summary>
    public const int NotFound = 127;
}
