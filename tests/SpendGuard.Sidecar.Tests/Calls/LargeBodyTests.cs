namespace SpendGuard.Sidecar.Tests.Calls;

/// <summary>A large body is read for an agent with a budget only: reading it takes many times its size.</summary>
public sealed class LargeBodyTests
{
    [Theory]
    [InlineData(1_000, 400)]
    [InlineData(2_000_000, 404)]
    public async Task Body_OfAnAgentWithoutABudget_IsReadOnlyWhenItIsSmall(int size, int status)
    {
        await using var sidecar = await SidecarFixture.StartAsync();

        var answer = await sidecar.AskAsync("/v1/chat/completions", "nobody", new string('x', size));

        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 404, answer.Text.Contains("there is no agent with the id 'nobody'", StringComparison.Ordinal));
    }
}
