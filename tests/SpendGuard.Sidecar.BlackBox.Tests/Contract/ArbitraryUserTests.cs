using System.Diagnostics;
using System.Runtime.Versioning;
using SpendGuard.Testing;

namespace SpendGuard.Sidecar.BlackBox.Tests.Contract;

/// <summary>As in a container whose platform chooses the user: an id that nobody has, of group 0, without a home.</summary>
/// <remarks>Only root can be another user; for others the test is of a process without a home.</remarks>
[UnsupportedOSPlatform("windows")]
public sealed class ArbitraryUserTests(Sidecar sidecar) : IClassFixture<Sidecar>
{
    private const UnixFileMode OfTheGroup =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute;

    private const UnixFileMode OfAll = OfTheGroup | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    [Fact]
    public async Task Sidecar_Serves_AndWritesToItsDataFolderOnly()
    {
        var root = Directory.CreateTempSubdirectory("spendguard-user-");
        try
        {
            File.SetUnixFileMode(root.FullName, OfAll);
            var data = root.CreateSubdirectory("data");
            File.SetUnixFileMode(data.FullName, OfTheGroup);
            var program = Copy(root.CreateSubdirectory("program"));
            var start = SidecarExecutable.Start(
                data.FullName,
                sidecar.Settings([new("CAP_SQLITE_PATH", Path.Combine(data.FullName, "budget.db")), new("DOTNET_EnableDiagnostics", "0")]));
            Without(start, "HOME", "XDG_DATA_HOME", "USER", "LOGNAME");
            await using var process = await SidecarProcess.StartAsync(As(start, program));

            using var http = new HttpClient { BaseAddress = process.Address };
            using var nothing = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");
            Assert.Equal(200, (int)(await http.PostAsync("/v1/agents", nothing)).StatusCode);
            Assert.All(Directory.EnumerateFileSystemEntries(data.FullName), path => Assert.StartsWith("budget.db", Path.GetFileName(path), StringComparison.Ordinal));
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    /// <summary>The program where any user can read it, as in an image.</summary>
    private static string Copy(DirectoryInfo folder)
    {
        var built = SidecarExecutable.Native ?? Repository.Built("SpendGuard.Sidecar");
        var from = Path.GetDirectoryName(built)!;
        var files = SidecarExecutable.Native is null ? Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories) : [built];
        foreach (var file in files)
        {
            var to = Path.Combine(folder.FullName, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }

        foreach (var path in Directory.EnumerateFileSystemEntries(folder.FullName, "*", SearchOption.AllDirectories).Append(folder.FullName))
        {
            File.SetUnixFileMode(path, OfAll);
        }

        return Path.Combine(folder.FullName, Path.GetFileName(built));
    }

    private static ProcessStartInfo As(ProcessStartInfo start, string program)
    {
        if (SidecarExecutable.Native is null)
        {
            start.ArgumentList[0] = program;
        }
        else
        {
            start.FileName = program;
        }

        if (Environment.UserName == "root")
        {
            string[] another = ["--reuid", "12345", "--regid", "0", "--clear-groups", start.FileName];
            for (var at = 0; at < another.Length; at++)
            {
                start.ArgumentList.Insert(at, another[at]);
            }

            start.FileName = "setpriv";
        }

        return start;
    }

    private static void Without(ProcessStartInfo start, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            start.Environment.Remove(name);
        }
    }
}
