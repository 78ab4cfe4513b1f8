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

    /// <summary>Makes all file systems read-only but for one folder, in a namespace of mounts of its own, and goes on with what is left of its arguments.</summary>
    private const string ReadOnlyBut =
        """
        set -e
        data="$1"
        shift
        mount --bind "$data" "$data"
        while read -r _ _ _ _ at _; do
          case "$at" in
            "$data" | /proc | /proc/* | /sys | /sys/*) ;;
            *) mount -o remount,bind,ro "$at" ;;
          esac
        done < /proc/self/mountinfo
        if touch "${data%/*}/written" 2> /dev/null; then
          echo "The file system is not read-only." >&2
          exit 1
        fi
        exec "$@"
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Sidecar_Serves_AndWritesToItsDataFolderOnly(bool readOnly)
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
            As(start, program);
            if (readOnly)
            {
                // As much as a container has; what is not root makes itself one for it.
                string[] mounts = Environment.UserName == "root" ? ["--mount"] : ["--user", "--map-root-user", "--mount"];
                Before(start, "unshare", [.. mounts, "--propagation", "private", "sh", "-c", ReadOnlyBut, "sh", data.FullName]);
            }

            await using var process = await SidecarProcess.StartAsync(start);

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

    private static void As(ProcessStartInfo start, string program)
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
            Before(start, "setpriv", ["--reuid", "12345", "--regid", "0", "--clear-groups"]);
        }
    }

    /// <summary>Has another program start it.</summary>
    private static void Before(ProcessStartInfo start, string program, string[] arguments)
    {
        string[] all = [.. arguments, start.FileName];
        for (var at = 0; at < all.Length; at++)
        {
            start.ArgumentList.Insert(at, all[at]);
        }

        start.FileName = program;
    }

    private static void Without(ProcessStartInfo start, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            start.Environment.Remove(name);
        }
    }
}
