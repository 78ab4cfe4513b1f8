using SpendGuard.Testing;

namespace SpendGuard.Sidecar.BlackBox.Tests.Contract;

/// <summary>Where budgets are when nothing says where: in the user's folder, wherever the sidecar is started.</summary>
public sealed class DefaultDatabaseTests(Sidecar sidecar) : IClassFixture<Sidecar>
{
    private const string Name = "cynsta-spendguard.db";

    [Fact]
    public async Task Database_IsTheSame_FromAnyFolder_AndNobodyElseReadsIt()
    {
        using var folder = new TempFolder();
        var data = folder.File("data");
        var agent = await RunAsync(NewFolder(folder, "one"), data, MakeAgentAsync);

        Assert.Contains(agent, await RunAsync(NewFolder(folder, "two"), data, http => http.GetStringAsync("/v1/agents")), StringComparison.Ordinal);
        Assert.Contains(Path.Combine(data, "spendguard", Name), Directory.EnumerateFiles(Path.Combine(data, "spendguard")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.File("one")));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(data, "spendguard")));
        }
    }

    [Fact]
    public async Task Database_OfAnOlderVersion_InTheWorkingFolder_IsUsed_AndSaid()
    {
        using var folder = new TempFolder();
        var (old, data) = (NewFolder(folder, "old"), folder.File("data"));
        var agent = await RunAsync(old, data, MakeAgentAsync, ("CAP_SQLITE_PATH", Name));
        var output = "";

        var agents = await RunAsync(old, data, http => http.GetStringAsync("/v1/agents"), seen: process => output = process.Output);

        Assert.Contains(agent, agents, StringComparison.Ordinal);
        Assert.Contains($"The budgets are in '{Path.Combine(old, Name)}'", output, StringComparison.Ordinal);
        Assert.Contains($"in '{Path.Combine(data, "spendguard", Name)}'", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(data));
    }

    /// <summary>Of the original, whose database has the same name.</summary>
    [Fact]
    public async Task Database_OfAnotherProgram_InTheWorkingFolder_IsLeftAlone()
    {
        using var folder = new TempFolder();
        var (old, data) = (NewFolder(folder, "old"), folder.File("data"));
        var another = new byte[4096];
        "SQLite format 3\0"u8.CopyTo(another);
        await File.WriteAllBytesAsync(Path.Combine(old, Name), another);

        var agent = await RunAsync(old, data, MakeAgentAsync);

        Assert.Contains(agent, await RunAsync(NewFolder(folder, "two"), data, http => http.GetStringAsync("/v1/agents")), StringComparison.Ordinal);
        Assert.Equal(another, await File.ReadAllBytesAsync(Path.Combine(old, Name)));
    }

    /// <summary>Whoever can write a file to a working folder has no say in where budgets and the admin key are.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    public async Task EmptyOrShortFile_InTheWorkingFolder_TakesNothingAway(int length)
    {
        using var folder = new TempFolder();
        var data = folder.File("data");
        var agent = await RunAsync(NewFolder(folder, "one"), data, MakeAgentAsync);
        await File.WriteAllBytesAsync(Path.Combine(NewFolder(folder, "two"), Name), new byte[length]);
        var output = "";

        var agents = await RunAsync(folder.File("two"), data, http => http.GetStringAsync("/v1/agents"), seen: process => output = process.Output);

        Assert.Contains(agent, agents, StringComparison.Ordinal);
        Assert.Contains($"'{Path.Combine(folder.File("two"), Name)}' was left alone", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ledgers_InTheWorkingFolderAndTheUsers_StopTheStart()
    {
        using var folder = new TempFolder();
        var (old, data) = (NewFolder(folder, "old"), folder.File("data"));
        await RunAsync(NewFolder(folder, "one"), data, MakeAgentAsync);
        await RunAsync(old, data, MakeAgentAsync, ("CAP_SQLITE_PATH", Name));

        var (exitCode, errors) = await SidecarProcess.RunToEndAsync(old, Settings(data));

        Assert.Equal(2, exitCode);
        Assert.Contains($"There are two ledgers: '{Path.Combine(data, "spendguard", Name)}', which this user's sidecars take, and '{Path.Combine(old, Name)}'", errors, StringComparison.Ordinal);
    }

    /// <summary>Nobody gets a fresh budget because a disk has lost the header of the ledger.</summary>
    [Fact]
    public async Task DamagedLedger_InTheWorkingFolder_StopsTheStart_WhereThereIsNoOther()
    {
        using var folder = new TempFolder();
        var (old, data) = (NewFolder(folder, "old"), folder.File("data"));
        await RunAsync(old, data, MakeAgentAsync, ("CAP_SQLITE_PATH", Name));
        await using (var file = File.OpenWrite(Path.Combine(old, Name)))
        {
            await file.WriteAsync(new byte[100]);
        }

        var (exitCode, errors) = await SidecarProcess.RunToEndAsync(old, Settings(data));

        Assert.Equal(2, exitCode);
        Assert.Contains($"'{Path.Combine(old, Name)}' may be a ledger that is damaged", errors, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(data, "spendguard", Name)));
    }

    [Fact]
    public async Task NoPlaceForIt_StopsTheStart_AndNamesTheSetting()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.File("file"), "");

        var (exitCode, errors) = await SidecarProcess.RunToEndAsync(folder.Path, Settings(Path.Combine(folder.File("file"), "data")));

        Assert.Equal(2, exitCode);
        Assert.Contains("There is no place for the database, as the user's folder for data cannot be made: ", errors, StringComparison.Ordinal);
        Assert.Contains("Set CAP_SQLITE_PATH to a file", errors, StringComparison.Ordinal);
    }

    private async Task<string> RunAsync(
        string folder, string data, Func<HttpClient, Task<string>> use, (string Name, string Value)? setting = null, Action<SidecarProcess>? seen = null)
    {
        await using var process = await SidecarProcess.StartAsync(folder, Settings(data, setting));
        using var http = new HttpClient { BaseAddress = process.Address };
        var told = await use(http);
        seen?.Invoke(process);
        return told;
    }

    private static async Task<string> MakeAgentAsync(HttpClient http)
    {
        using var body = new StringContent("""{"agent_id":"of-the-default"}""", System.Text.Encoding.UTF8, "application/json");
        Assert.Equal(200, (int)(await http.PostAsync("/v1/agents", body)).StatusCode);
        return "of-the-default";
    }

    private IReadOnlyDictionary<string, string> Settings(string data, (string Name, string Value)? setting = null) => sidecar.Settings(
    [
        new("CAP_SQLITE_PATH", ""), new("XDG_DATA_HOME", data),
        .. setting is { } given ? [KeyValuePair.Create(given.Name, given.Value)] : Array.Empty<KeyValuePair<string, string>>(),
    ]);

    private static string NewFolder(TempFolder folder, string name) => Directory.CreateDirectory(folder.File(name)).FullName;
}
