namespace SpendGuard.Cli.Runs.Children;

/// <summary>Finds the file that a command names, as a shell would.</summary>
internal static class Executable
{
    /// <summary>On Windows a command may leave out its ending; npm's are .cmd files, which the system does not find by itself.</summary>
    private const string WindowsEndings = ".COM;.EXE;.BAT;.CMD";

    /// <param name="command">The command: a name, or a path.</param>
    /// <param name="path">The folders that names are looked for in, as <c>PATH</c> has them.</param>
    /// <param name="endings">The endings that may be left out, as <c>PATHEXT</c> has them; null off Windows.</param>
    /// <param name="folder">Where relative paths start.</param>
    /// <returns>The path of the file; null when there is none.</returns>
    public static string? Find(string command, string? path, string? endings, string folder)
    {
        var names = endings is null || Path.HasExtension(command) && File.Exists(Path.Combine(folder, command))
            ? [command]
            : Path.HasExtension(command)
                ? [command, .. Endings(endings).Select(ending => command + ending)]
                : Endings(endings).Select(ending => command + ending).ToArray();
        var folders = command.AsSpan().ContainsAny('/', Path.DirectorySeparatorChar)
            ? [folder]
            : (path ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(entry => Path.Combine(folder, entry.Trim('"')));
        return folders.SelectMany(entry => names.Select(name => Path.GetFullPath(Path.Combine(entry, name)))).FirstOrDefault(CanBeRun);
    }

    /// <summary>As this system has it.</summary>
    public static string? Find(string command, string folder) => Find(
        command,
        Environment.GetEnvironmentVariable("PATH"),
        OperatingSystem.IsWindows() ? Environment.GetEnvironmentVariable("PATHEXT") ?? WindowsEndings : null,
        folder);

    private static string[] Endings(string endings) => endings.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static bool CanBeRun(string file) => File.Exists(file)
        && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(file) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != UnixFileMode.None);
}
