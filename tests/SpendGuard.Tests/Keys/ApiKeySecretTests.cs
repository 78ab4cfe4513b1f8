using SpendGuard.Keys;

namespace SpendGuard.Tests.Keys;

public sealed class ApiKeySecretTests
{
    [Theory]
    [InlineData(true, "sk_spendguard_")]
    [InlineData(false, "sk_spendguard_test_")]
    public void Create_HasTheFormOfAKey(bool live, string prefix)
    {
        var secret = ApiKeySecret.Create(live);

        Assert.Matches($"^{prefix}[A-Za-z0-9]{{32}}$", secret.Reveal());
        Assert.True(ApiKeySecret.TryParse(secret.Reveal(), out var read));
        Assert.Equal(secret.Id, read.Id);
        Assert.NotEqual(secret.Id, ApiKeySecret.Create(live).Id);
    }

    [Theory]
    [InlineData("sk_cynsta_live_01234567890123456789012345678901")]
    [InlineData("sk_cynsta_test_01234567890123456789012345678901")]
    public void TryParse_KeyThatWasMadeBefore_IsStillOne(string text) => Assert.True(ApiKeySecret.TryParse(text, out _));

    [Fact]
    public void ToString_TellsNotTheKey()
    {
        var secret = ApiKeySecret.Create();

        Assert.Equal(secret.Id, $"{secret}");
        Assert.Matches("^[0-9a-f]{16}$", secret.Id);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("sk_spendguard_")]
    [InlineData("sk_spendguard_0123456789012345678901234567890")]
    [InlineData("sk_spendguard_012345678901234567890123456789012")]
    [InlineData("sk_spendguard_0123456789012345678901234567890ü")]
    [InlineData("sk_spendguard_0123456789012345678901234567890'")]
    [InlineData("SK_SPENDGUARD_01234567890123456789012345678901")]
    [InlineData("sk_cynsta_live_")]
    [InlineData("sk_cynsta_live_0123456789012345678901234567890")]
    [InlineData("sk_cynsta_live_012345678901234567890123456789012")]
    [InlineData("sk_cynsta_live_0123456789012345678901234567890ü")]
    [InlineData("sk_cynsta_live_0123456789012345678901234567890'")]
    [InlineData("SK_CYNSTA_LIVE_01234567890123456789012345678901")]
    [InlineData("sk-cynsta-live-01234567890123456789012345678901")]
    public void TryParse_OtherText_IsNoKey(string? text) => Assert.False(ApiKeySecret.TryParse(text, out _));

    [Theory]
    [InlineData("sk_spendguard_cut", true)]
    [InlineData("SK_SPENDGUARD_01234567890123456789012345678901", true)]
    [InlineData("sk_cynsta_live_cut", true)]
    [InlineData("sk-proj-of-a-provider", false)]
    [InlineData("dummy", false)]
    [InlineData("", false)]
    public void IsMeant_TellsOursFromOthers(string text, bool meant) => Assert.Equal(meant, ApiKeySecret.IsMeant(text));
}
