using SpendGuard.Names;

namespace SpendGuard.Tests.Names;

public sealed class BeginningTests
{
    private const string Generated = "c0ffee00-0000-4000-8000-000000000001";

    [Theory]
    [InlineData("c0ff", Generated, true)]
    [InlineData("c0ffee00-0", Generated, true)]
    [InlineData(Generated, Generated, true)]
    [InlineData("c0f", Generated, false)]
    [InlineData("C0FF", Generated, false)]
    [InlineData("ffee", Generated, false)]
    [InlineData("agent-1", "agent-10", false)]
    [InlineData("customers", "customers-eu", false)]
    [InlineData("c0ff", "c0ffee00-0000-4000-8000-00000000000x", false)]
    public void IsOf_GeneratedIdsAlone(string text, string id, bool isBeginning) => Assert.Equal(isBeginning, Beginning.IsOf(text, id));
}
