using Microsoft.Extensions.DependencyInjection;
using SpendGuard.Sidecar.Dialects.Tables;
using SpendGuard.Sidecar.Dialects.Tables.Signed;
using SpendGuard.Sidecar.Settings;
using SpendGuard.SignedPrices.Tests;

namespace SpendGuard.Sidecar.Tests.SignedTables;

/// <summary>How a sidecar starts with request tables of its own, and without.</summary>
public sealed class SignedTableStartTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task NotSet_TheTablesThatShipAreInForceForEver()
    {
        await using var sidecar = await SidecarFixture.StartAsync();

        var (status, ready) = await sidecar.GetAsync("/ready");

        Assert.Equal((200, "bundled", null), (status, (string?)ready["request_tables"]!["signature"], ready["request_tables"]!["usable_until"]));
        Assert.Null(sidecar.App.Services.GetService<TableFeed>());
    }

    [Fact]
    public async Task NoDocument_StopsTheStartWithASentence()
    {
        await using var server = await TableServer.StartAsync();
        server.GoDown();
        await using var sidecar = Build(server, server.Url);

        var failure = await Assert.ThrowsAsync<RequestTablesUnavailableException>(() => sidecar.App.LoadPricesAsync());

        Assert.StartsWith("The sidecar did not start: it got no request tables from http://127.0.0.1:", failure.Message, StringComparison.Ordinal);
        Assert.Contains("leave out SPENDGUARD_REQUEST_TABLES_URL", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ServerDown_TheKeptDocumentServes()
    {
        await using var server = await TableServer.StartAsync();
        await using (var first = Build(server, server.Url))
        {
            await first.App.StartAsync();
            Assert.True(File.Exists(_folder.File("budget.db.tables.json")));
        }

        server.GoDown();
        await using var again = Build(server, server.Url);
        await again.App.StartAsync();

        Assert.Equal(TableServer.Now, again.App.Services.GetRequiredService<TablesInForce>().InForce.GeneratedAt);
        Assert.Contains(again.Warnings, text => text.StartsWith("No request tables came from", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Unverified_IsUsedAndWarnedOf()
    {
        await using var server = new TableServer(await PriceServer.StartAsync(TableServer.Unsigned(TableServer.Document())));
        await using var sidecar = Build(server, server.Url, ("CAP_PRICING_VERIFY_SIGNATURE", "false"));
        await sidecar.App.StartAsync();

        Assert.Equal("not verified", (string?)(await sidecar.GetAsync("/ready")).Body["request_tables"]!["signature"]);
        Assert.Contains(sidecar.Warnings, text => text.Contains("request tables from", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{0}")]
    [InlineData("file://{0}")]
    public async Task File_IsTakenToo(string source)
    {
        await using var server = await TableServer.StartAsync();
        await File.WriteAllBytesAsync(_folder.File("tables.json"), TableServer.Signed(TableServer.Document()));
        await using var sidecar = Build(server, string.Format(System.Globalization.CultureInfo.InvariantCulture, source, _folder.File("tables.json")));
        await sidecar.App.StartAsync();

        Assert.Equal(_folder.File("tables.json"), sidecar.App.Services.GetRequiredService<TablesInForce>().InForce.Source);
    }

    [Fact]
    public async Task OtherScheme_IsAFault()
    {
        await using var server = await TableServer.StartAsync();
        var fault = Assert.Throws<SettingsException>(() => Build(server, "ftp://example.com/tables"));
        Assert.Contains("SPENDGUARD_REQUEST_TABLES_URL is 'ftp://example.com/tables'", fault.Message, StringComparison.Ordinal);
    }

    private SidecarUnderTest Build(TableServer server, string source, params (string Name, string? Value)[] settings)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["CAP_PRICING_SOURCE"] = "bundled",
            ["SPENDGUARD_REQUEST_TABLES_URL"] = source,
            ["CAP_PRICING_SIGNING_PUBLIC_KEY"] = Documents.Keys.PublicKey,
        };
        foreach (var (name, value) in settings)
        {
            values[name] = value;
        }

        return new SidecarUnderTest(_folder, server.Time, values);
    }
}
