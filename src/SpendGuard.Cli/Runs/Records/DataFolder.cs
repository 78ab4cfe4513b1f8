namespace SpendGuard.Cli.Runs.Records;

/// <summary>Where runs keep their ledger and what is known of each: a folder of the user's, which others cannot read.</summary>
internal sealed class DataFolder
{
    /// <summary>What the names of folders end in that hold a run's files.</summary>
    public const string FilesEnding = ".files";

    private const string Name = "spendguard";

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
        // The folder of the system's for it: XDG_DATA_HOME or ~/.local/share, ~/Library/Application Support, %LOCALAPPDATA%.
        var parent = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        if (parent.Length == 0)
        {
            throw new CommandFailedException("This user has no folder for data. Set HOME, or XDG_DATA_HOME.", ExitCode.Usage);
        }

        var folder = new DataFolder(System.IO.Path.Combine(parent, Name));
        try
        {
            Make(folder.Path);
            Make(folder.Records);
            return folder;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"The folder for runs cannot be made: {exception.Message}", innerException: exception);
        }
    }

    /// <summary>Makes a folder that only this user reads.</summary>
    public static void Make(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
