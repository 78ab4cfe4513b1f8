namespace SpendGuard.Sidecar.BlackBox.Tests.Contract;

/// <summary>Starts that are refused.</summary>
public sealed class StartTests(Sidecar sidecar) : IClassFixture<Sidecar>
{
    [Fact]
    public async Task WrongSettings_AreAllNamedAtOnce()
    {
        var wrong = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ASPNETCORE_URLS"] = "http://0.0.0.0:0",
            ["CAP_MODE"] = "everywhere",
            ["CAP_STORE"] = "paper",
            ["CAP_PRICING_SOURCE"] = "hearsay",
            ["CAP_PRICING_HTTP_TIMEOUT_SECONDS"] = "soon",
            ["CAP_PRICING_EXPIRY_SKEW_SECONDS"] = "-1",
            ["CAP_PRICE_TABLE_REFRESH_SECONDS"] = "0",
            ["CAP_PRICING_VERIFY_SIGNATURE"] = "perhaps",
            ["CAP_DEFAULT_MAX_TOKENS"] = "many",
            ["CAP_OPENAI_MAX_COMPLETION_TOKENS"] = "1.5",
            ["CAP_OPENAI_MAX_OUTPUT_TOKENS"] = "0",
            ["OPENAI_BASE_URL"] = "not an address",
            ["XAI_BASE_URL"] = "ftp://127.0.0.1",
            ["ANTHROPIC_BASE_URL"] = "/relative",
            ["GEMINI_BASE_URL"] = "http://127.0.0.1/?key=1",
        };
        var (exitCode, errors) = await SidecarProcess.RunToEndAsync(sidecar.Folder, sidecar.Settings(wrong));
        Assert.Equal(2, exitCode);
        Assert.All(wrong.Keys, name => Assert.Contains(name, errors, StringComparison.Ordinal));
        Assert.DoesNotContain("Unhandled", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("key-of-", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postgres", "")]
    [InlineData("supabase", "")]
    [InlineData("postgres", "postgresql://u:secret@:x/spend")]
    [InlineData("sqlite", "Host=db;Password=secret")]
    public async Task StoreThatIsNotWhole_IsRefusedWithoutRepeatingTheConnection(string store, string postgres)
    {
        var (exitCode, errors) = await SidecarProcess.RunToEndAsync(
            sidecar.Folder,
            sidecar.Settings(new Dictionary<string, string>(StringComparer.Ordinal) { ["CAP_STORE"] = store, ["CAP_POSTGRES"] = postgres }));
        Assert.Equal(2, exitCode);
        Assert.Contains("CAP_POSTGRES", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ASPNETCORE_URLS", "http://0.0.0.0:0")]
    [InlineData("ASPNETCORE_URLS", "http://127.0.0.1:0;http://[::]:0")]
    [InlineData("ASPNETCORE_URLS", "http://*:0")]
    [InlineData("ASPNETCORE_URLS", "http://a-name.example:0")]
    [InlineData("Kestrel__Endpoints__Open__Url", "http://0.0.0.0:0")]
    public async Task AddressThatOtherMachinesReach_IsRefused(string name, string address)
    {
        var (exitCode, errors) = await SidecarProcess.RunToEndAsync(
            sidecar.Folder, sidecar.Settings(new Dictionary<string, string>(StringComparer.Ordinal) { [name] = address }));
        Assert.Equal(2, exitCode);
        Assert.Contains("127.0.0.1", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PricesAreStrict_NoPriceServer_NoStart()
    {
        // Nothing listens on port 1.
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["CAP_PRICING_SOURCE"] = "",
            ["CAP_PRICING_URL"] = "http://127.0.0.1:1/prices",
            ["CAP_SQLITE_PATH"] = Path.Combine(sidecar.Folder, "other.db"),
        };
        var (exitCode, errors) = await SidecarProcess.RunToEndAsync(sidecar.Folder, sidecar.Settings(settings));
        Assert.Equal(2, exitCode);
        Assert.Contains("CAP_PRICING_URL", errors, StringComparison.Ordinal);
    }
}
