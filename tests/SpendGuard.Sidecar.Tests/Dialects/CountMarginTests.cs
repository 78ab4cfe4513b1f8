using SpendGuard.Sidecar.Dialects;

namespace SpendGuard.Sidecar.Tests.Dialects;

public sealed class CountMarginTests
{
    [Theory]
    [InlineData(0, false, 64)]
    [InlineData(1, false, 66)]
    [InlineData(10, false, 75)]
    [InlineData(11, false, 77)]
    [InlineData(10_000, false, 11_064)]
    [InlineData(10_000, true, 12_088)]
    public void Margin_IsATenthRoundedUp_AndTheTemplates(long count, bool hasTools, long bound) =>
        Assert.Equal(bound, CountMargin.Over(count, hasTools));
}
