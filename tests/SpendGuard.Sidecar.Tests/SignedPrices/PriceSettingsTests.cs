using Microsoft.Extensions.Configuration;
using SpendGuard.Sidecar.Settings;
using SpendGuard.SignedPrices;

namespace SpendGuard.Sidecar.Tests.SignedPrices;

public class PriceSettingsTests
{
    [Fact]
    public void Read_NothingSet_IsStrictAndRemote()
    {
        var settings = Read([])!;

        Assert.Equal("https://api.cynsta.com/v1/public/pricing", settings.Source);
        Assert.True(settings.VerifySignature);
        Assert.Equal("1ITgfCZsRETBLvSKFUoPsP7p3RKNH4Nto6zKLlUD8nQ=", settings.PublicKey);
        Assert.Equal("1", settings.SchemaVersion);
        Assert.Equal("0.1.0", settings.EngineVersion);
        Assert.Equal((10, 30, 300), (settings.Timeout.TotalSeconds, settings.ClockSkew.TotalSeconds, settings.RefreshEvery.TotalSeconds));
        Assert.Equal("budget.db.prices.json", settings.KeptPath);
    }

    [Fact]
    public void Read_ManyWrong_NamesThemAll()
    {
        var exception = Assert.Throws<SettingsException>(() => Read(new()
        {
            ["CAP_PRICING_SOURCE"] = "guess",
            ["CAP_PRICING_URL"] = "/etc/prices.json",
            ["CAP_PRICING_SIGNING_PUBLIC_KEY"] = "c2hvcnQ=",
            ["CAP_PRICING_VERIFY_SIGNATURE"] = "perhaps",
            ["CAP_PRICING_HTTP_TIMEOUT_SECONDS"] = "0",
            ["CAP_PRICING_EXPIRY_SKEW_SECONDS"] = "-1",
            ["CAP_PRICE_TABLE_REFRESH_SECONDS"] = "99999999999",
            ["CAP_ENGINE_VERSION"] = "latest",
        }));

        Assert.Equal(
            [
                "CAP_ENGINE_VERSION", "CAP_PRICE_TABLE_REFRESH_SECONDS", "CAP_PRICING_EXPIRY_SKEW_SECONDS", "CAP_PRICING_HTTP_TIMEOUT_SECONDS",
                "CAP_PRICING_SIGNING_PUBLIC_KEY", "CAP_PRICING_SOURCE", "CAP_PRICING_URL", "CAP_PRICING_VERIFY_SIGNATURE",
            ],
            exception.Faults.Select(fault => fault.Split(' ')[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Read_FileWithoutAPath_IsAFault()
    {
        var exception = Assert.Throws<SettingsException>(() => Read(new() { ["CAP_PRICING_SOURCE"] = "file" }));

        Assert.Contains("CAP_PRICING_FILE is not set", Assert.Single(exception.Faults), StringComparison.Ordinal);
    }

    private static SignedPriceOptions? Read(Dictionary<string, string?> values)
    {
        var reader = new SettingsReader(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
        var settings = PriceSettings.Read(reader, "budget.db");
        reader.ThrowIfFaulty();
        return settings;
    }
}
