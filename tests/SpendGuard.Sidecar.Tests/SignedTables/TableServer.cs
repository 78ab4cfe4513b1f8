using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SpendGuard.Sidecar.Dialects.Tables;
using SpendGuard.Sidecar.Dialects.Tables.Signed;
using SpendGuard.Sidecar.Tests.Dialects.Tables;
using SpendGuard.SignedPrices.Documents;
using SpendGuard.SignedPrices.Tests;

namespace SpendGuard.Sidecar.Tests.SignedTables;

/// <summary>A server of signed request tables, and a sidecar in front of the simulated provider that goes by them.</summary>
internal sealed class TableServer(PriceServer server) : IAsyncDisposable
{
    /// <summary>A day after the tables that ship.</summary>
    public static readonly DateTimeOffset Now = DatedTables.Bundled.GeneratedAt.AddDays(1);

    private int _tag;

    public FakeTimeProvider Time { get; } = new(Now);

    public string Url => server.Url;

    public IReadOnlyList<string?> Requests => server.Requests;

    /// <summary>A server that has the tables that ship, signed.</summary>
    public static async Task<TableServer> StartAsync() => new(await PriceServer.StartAsync(Signed(Document())));

    /// <summary>The tables that ship, as a document, with more in those of one vendor.</summary>
    public static JsonObject Document(string vendor = "anthropic", params (string Shape, string Row)[] rows)
    {
        var tables = new JsonObject();
        foreach (var name in RequestTables.Bundled.Vendors)
        {
            tables[name] = TableTexts.Bundled(name);
        }

        foreach (var (shape, row) in rows)
        {
            TableTexts.With(tables[vendor]!.AsObject(), shape, row);
        }

        return new JsonObject
        {
            ["schema_version"] = "1",
            ["engine"] = new JsonObject { ["name"] = "spendguard-engine", ["min_version"] = "0.1.0", ["max_version"] = "9.9.9" },
            ["request_tables"] = tables,
        };
    }

    public static byte[] Signed(JsonObject document, DateTimeOffset? generatedAt = null, DateTimeOffset? expiresAt = null, PriceKeyPair? keys = null) => PriceDocuments.Sign(
        Encoding.UTF8.GetBytes(document.ToJsonString()), keys ?? Documents.Keys, generatedAt ?? Now, expiresAt ?? Now.AddDays(1));

    /// <summary>The same dated but with no signature.</summary>
    public static byte[] Unsigned(JsonObject document)
    {
        var dated = JsonNode.Parse(Signed(document))!.AsObject();
        dated.Remove("signature");
        return Encoding.UTF8.GetBytes(dated.ToJsonString());
    }

    public Task<SidecarFixture> StartSidecarAsync(params (string Name, string? Value)[] settings) => SidecarFixture.StartAsync(
        Time,
        prices: null,
        [("SPENDGUARD_REQUEST_TABLES_URL", server.Url), ("CAP_PRICING_SIGNING_PUBLIC_KEY", Documents.Keys.PublicKey), .. settings]);

    /// <summary>Publishes a document, and has a sidecar look for it.</summary>
    public async Task PublishAsync(SidecarFixture sidecar, byte[] document)
    {
        _tag++;
        server.Publish(document, $"\"new {_tag}\"");
        await Feed(sidecar).RefreshAsync(CancellationToken.None);
    }

    public void GoDown() => server.GoDown();

    public static TableFeed Feed(SidecarFixture sidecar) => sidecar.App.Services.GetRequiredService<TableFeed>();

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
