using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Sidecar.Settings;

/// <summary>Where SpendGuard keeps what is the user's: the same folder wherever it is started, which others cannot read.</summary>
[Experimental("SPENDGUARD002")]
public static class UserFolder
{
    private const string Name = "spendguard";

    /// <summary>Its path, whether it is there or not; null where this user has no folder for data.</summary>
    public static string? Find()
    {
        // The folder of the system's for it: XDG_DATA_HOME or ~/.local/share, ~/Library/Application Support, %LOCALAPPDATA%.
        var parent = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return parent.Length == 0 ? null : Path.Combine(parent, Name);
    }

    /// <summary>Makes a folder that only this user reads, unless it is there.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
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
