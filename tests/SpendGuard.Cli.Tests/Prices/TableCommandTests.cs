using System.Text.Json.Nodes;

namespace SpendGuard.Cli.Tests.Prices;

/// <summary>An organisation's own request tables: begun with those that ship, signed with the key of the prices, judged as a sidecar would.</summary>
public sealed class TableCommandTests : IDisposable
{
    private readonly PriceFolder _folder = new();

    public TableCommandTests() => _folder.Time.SetUtcNow(TimeProvider.System.GetUtcNow());

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Shown_Signed_Verified()
    {
        var key = await ShowAsync();

        var signed = await _folder.Cli.RunAsync("tables sign --key prices.key --in tables.json --out signed.json --expires-in 7d");
        var verified = await _folder.Cli.RunAsync($"tables verify --in signed.json --public-key {key}");

        Assert.Equal((0, key), (signed.ExitCode, signed.Value("public_key")));
        Assert.Equal((0, "valid"), (verified.ExitCode, verified.Value("verdict")));
        Assert.Equal(signed.Value("generated_at"), verified.Value("generated_at"));
    }

    [Fact]
    public async Task Changed_IsInvalid()
    {
        var key = await ShowAsync();
        await _folder.Cli.RunAsync("tables sign --key prices.key --in tables.json --out signed.json");
        _folder.Write("signed.json", _folder.Read("signed.json").Replace("It is input.", "It is inputs.", StringComparison.Ordinal));

        var verified = await _folder.Cli.RunAsync($"tables verify --in signed.json --public-key {key}");

        Assert.Equal(1, verified.ExitCode);
        Assert.Contains("verdict=invalid\n", verified.Output, StringComparison.Ordinal);
        Assert.Contains("fault=wrong_signature\n", verified.Output, StringComparison.Ordinal);
        Assert.Contains("The signature of the request table document is wrong", verified.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatASidecarWouldRefuse_IsNotSigned()
    {
        await ShowAsync();
        var tables = JsonNode.Parse(_folder.Read("tables.json"))!;
        tables["request_tables"]!["openai"]!["tables_version"] = 2;
        _folder.Write("tables.json", tables.ToJsonString());

        var signed = await _folder.Cli.RunAsync("tables sign --key prices.key --in tables.json --out signed.json");

        Assert.Equal(1, signed.ExitCode);
        Assert.Contains("'request_tables.openai.tables_version' is 2", signed.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.PathOf("signed.json")));
    }

    /// <summary>The tables that ship in tables.json, and a key pair; gives the public key.</summary>
    private async Task<string> ShowAsync()
    {
        var shown = await _folder.Cli.RunAsync("tables show");
        Assert.Equal(0, shown.ExitCode);
        _folder.Write("tables.json", shown.Output);
        return await _folder.KeygenAsync();
    }
}
