using System.Globalization;

namespace SpendGuard.Sidecar.BlackBox.Tests.Contract;

/// <summary>The folder that a sidecar is started in is anybody's: nothing in it sets anything, and nothing in it is watched.</summary>
public sealed class WorkingFolderTests(Sidecar sidecar) : IClassFixture<Sidecar>
{
    private const string Hostile = """
        {
          "CAP_ADMIN_KEY": "theirs",
          "SPENDGUARD_MAX_REQUEST_BYTES": "10",
          "OPENAI_BASE_URL": "http://127.0.0.1:1/v1",
          "SpendGuard": { "Providers": { "evil": { "BaseUrl": "http://127.0.0.1:1/v1", "KeyVariable": "OPENAI_API_KEY" } } },
          "Kestrel": { "Endpoints": { "Open": { "Url": "http://0.0.0.0:0" } } },
          "Logging": { "LogLevel": { "Default": "None" } },
          "urls": "http://0.0.0.0:0"
        }
        """;

    [Theory]
    [InlineData(Hostile, "Production")]
    [InlineData(Hostile, "Development")]
    [InlineData("{ this is not JSON", "Development")]
    public async Task Files_SetNothing(string content, string environment)
    {
        var folder = Directory.CreateTempSubdirectory("spendguard-hostile-");
        try
        {
            foreach (var name in (string[])["appsettings.json", "appsettings.Production.json", "appsettings.Development.json", "secrets.json", "hostsettings.json", ".env"])
            {
                await File.WriteAllTextAsync(Path.Combine(folder.FullName, name), content);
            }

            var settings = Apart(folder.FullName, ("DOTNET_ENVIRONMENT", environment), ("ASPNETCORE_ENVIRONMENT", environment));
            await using var process = await SidecarProcess.StartAsync(folder.FullName, settings);
            using var http = new HttpClient { BaseAddress = process.Address };
            Assert.True(process.Address.IsLoopback);
            Assert.Equal(200, (int)(await http.GetAsync("/v1/agents")).StatusCode);
            Assert.Equal(404, (int)(await http.GetAsync("/evil/v1/models")).StatusCode);
            using var body = new StringContent("""{"name":"longer than ten bytes"}""", System.Text.Encoding.UTF8, "application/json");
            Assert.Equal(200, (int)(await http.PostAsync("/v1/agents", body)).StatusCode);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>A watch on a folder is one on all that is below it, and every write there wakes the process.</summary>
    [Fact]
    public async Task Nothing_IsWatched()
    {
        var folder = Directory.CreateTempSubdirectory("spendguard-watched-");
        try
        {
            folder.CreateSubdirectory("below").CreateSubdirectory("that");
            await using var process = await SidecarProcess.StartAsync(folder.FullName, Apart(folder.FullName));
            var watches = Directory.EnumerateFiles($"/proc/{process.Id.ToString(CultureInfo.InvariantCulture)}/fdinfo")
                .SelectMany(Lines)
                .Count(line => line.StartsWith("inotify wd", StringComparison.Ordinal));
            Assert.Equal(0, watches);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task File_ThatIsNamed_IsUnderTheEnvironmentAndTheCommandLine()
    {
        var folder = Directory.CreateTempSubdirectory("spendguard-named-");
        try
        {
            var file = Path.Combine(folder.FullName, "sidecar.json");
            await File.WriteAllTextAsync(file, """
                {"SpendGuard":{"Providers":{"local":{"BaseUrl":"http://127.0.0.1:1/v1"}}},"CAP_ADMIN_KEY":"of the file","CAP_STORE":"paper","CAP_MODE":"nowhere"}
                """);
            var settings = Apart(folder.FullName, ("CAP_STORE", "sqlite"));
            await using var process = await SidecarProcess.StartAsync(folder.FullName, settings, "--config", file, "--CAP_MODE", "sidecar");
            using var http = new HttpClient { BaseAddress = process.Address };
            Assert.Equal(200, (int)(await http.GetAsync("/local/v1/models")).StatusCode);
            Assert.Equal(401, (int)(await http.GetAsync("/v1/agents")).StatusCode);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{ this is not JSON")]
    [InlineData("[]")]
    public async Task File_ThatIsNamed_AndCannotBeRead_StopsTheStart(string? content)
    {
        var folder = Directory.CreateTempSubdirectory("spendguard-named-");
        try
        {
            var file = Path.Combine(folder.FullName, "sidecar.json");
            if (content is not null)
            {
                await File.WriteAllTextAsync(file, content);
            }

            var (exitCode, errors) = await SidecarProcess.RunToEndAsync(folder.FullName, Apart(folder.FullName), "--config", file);
            Assert.Equal(2, exitCode);
            Assert.Contains(file, errors, StringComparison.Ordinal);
            Assert.DoesNotContain("Unhandled", errors, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Of a descriptor, unless it has been closed meanwhile.</summary>
    private static string[] Lines(string descriptor)
    {
        try
        {
            return File.ReadAllLines(descriptor);
        }
        catch (IOException)
        {
            return [];
        }
    }

    private IReadOnlyDictionary<string, string> Apart(string folder, params IEnumerable<(string Name, string Value)> more) => sidecar.Settings(
    [
        new("CAP_SQLITE_PATH", Path.Combine(folder, "budget.db")),
        new("SPENDGUARD_MAX_REQUEST_BYTES", ""),
        .. more.Select(setting => KeyValuePair.Create(setting.Name, setting.Value)),
    ]);
}
