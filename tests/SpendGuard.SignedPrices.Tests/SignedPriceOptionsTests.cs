namespace SpendGuard.SignedPrices.Tests;

public class SignedPriceOptionsTests
{
    [Fact]
    public void Defaults_AreTheSidecars()
    {
        var options = Checks.Options();

        Assert.Equal(("1", "0.1.0"), (options.SchemaVersion, options.EngineVersion));
        Assert.Equal((10, 30, 300), (options.Timeout.TotalSeconds, options.ClockSkew.TotalSeconds, options.RefreshEvery.TotalSeconds));
        Assert.Equal((true, true, "spendguard.prices.json"), (options.Strict, options.VerifySignature, options.KeptPath));
    }

    [Theory]
    [InlineData("")]
    [InlineData("c2hvcnQ=")]
    [InlineData("not base64")]
    public void UseSignedPrices_WhatIsNoKey_IsRefusedAtOnce(string key) =>
        Assert.Contains("32 bytes of an Ed25519 public key", Assert.Throws<ArgumentException>(() => new SpendGuardOptions().UseSignedPrices("http://127.0.0.1/", key)).Message, StringComparison.Ordinal);

    [Fact]
    public void UseSignedPrices_NoSource_IsRefusedAtOnce() =>
        Assert.Throws<ArgumentException>(() => new SpendGuardOptions().UseSignedPrices(" ", Documents.Keys.PublicKey));

    [Theory]
    [InlineData("latest")]
    [InlineData("0.1.0-beta")]
    [InlineData("")]
    public void EngineVersion_WhatIsNoVersion_IsRefused(string version) =>
        Assert.Throws<ArgumentException>(() => Checks.Options().EngineVersion = version);

    [Fact]
    public void Times_OutOfRange_AreRefused()
    {
        var options = Checks.Options();

        Assert.Throws<ArgumentOutOfRangeException>(() => options.Timeout = TimeSpan.Zero);
        Assert.Throws<ArgumentOutOfRangeException>(() => options.ClockSkew = TimeSpan.FromSeconds(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => options.RefreshEvery = TimeSpan.FromDays(8));
    }
}
