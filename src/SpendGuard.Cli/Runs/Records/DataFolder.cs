using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Cli.Runs.Records;

/// <summary>Where runs keep their ledger and what is known of each: a folder of the user's, which others cannot read.</summary>
internal sealed class DataFolder
{
    /// <summary>What the names of folders end in that hold a run's files.</summary>
    public const string FilesEnding = ".files";

    private DataFolder(string path) => Path = path;

    public string Path { get; }

    /// <summary>The ledger, unless a setting names another.</summary>
    public string Ledger => System.IO.Path.Combine(Path, "spendguard.db");

    /// <summary>What the sidecars inside of runs have to say.</summary>
    public string Log => System.IO.Path.Combine(Path, "run.log");

    /// <summary>A file for each run.</summary>
    public string Records => System.IO.Path.Combine(Path, "runs");

    /// <summary>What a run gives its program to read, while it lasts.</summary>
    public string FilesOf(string run) => System.IO.Path.Combine(Records, run + FilesEnding);

    /// <exception cref="CommandFailedException">The folder cannot be made.</exception>
    public static DataFolder Open()
    {
        var folder = new DataFolder(UserFolder.Find() ?? throw new CommandFailedException("This user has no folder for data. Set HOME, or XDG_DATA_HOME.", ExitCode.Usage));
        try
        {
            UserFolder.Make(folder.Path);
            UserFolder.Make(folder.Records);
            return folder;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"The folder for runs cannot be made: {exception.Message}", innerException: exception);
        }
    }
}
