namespace SpendGuard.Sidecar.Tests.Control;

/// <summary>What a change of a budget says nothing of stays as it is; a first one has the defaults.</summary>
public sealed class BudgetSettingTests
{
    [Theory]
    [InlineData("""{"hard_limit_cents":100}""", """{"hard_limit_cents":100,"topup_cents":5}""", 1)]
    [InlineData("""{"hard_limit_cents":100}""", """{"hard_limit_cents":100,"max_in_flight":5}""", 5)]
    [InlineData("""{"hard_limit_cents":100,"max_in_flight":5}""", """{"hard_limit_cents":100,"topup_cents":5}""", 5)]
    [InlineData("""{"hard_limit_cents":100,"max_in_flight":5}""", """{"hard_limit_cents":100,"max_in_flight":null}""", 5)]
    [InlineData("""{"hard_limit_cents":100,"max_in_flight":5}""", """{"hard_limit_cents":100,"max_in_flight":1}""", 1)]
    public async Task MaxInFlight_StaysUnlessItIsNamed(string first, string then, long expected)
    {
        await using var sidecar = await SidecarFixture.StartAsync();
        var agent = await sidecar.AgentAsync(first);

        var answer = await sidecar.AskAsync($"/v1/agents/{agent}/budget", agent: null, then);

        Assert.Equal((200, expected), (answer.Status, (long)answer.Body["max_in_flight"]!));
    }

    [Theory]
    [InlineData("""{"hard_limit_cents":100}""", """{"hard_limit_cents":100}""", null)]
    [InlineData("""{"hard_limit_cents":100}""", """{"hard_limit_cents":100,"max_call_share_percent":25}""", 25L)]
    [InlineData("""{"hard_limit_cents":100,"max_call_share_percent":25}""", """{"hard_limit_cents":100,"topup_cents":5}""", 25L)]
    [InlineData("""{"hard_limit_cents":100,"max_call_share_percent":25}""", """{"hard_limit_cents":100,"max_call_share_percent":100}""", 100L)]
    public async Task MaxCallShare_StaysUnlessItIsNamed(string first, string then, long? expected)
    {
        await using var sidecar = await SidecarFixture.StartAsync();
        var agent = await sidecar.AgentAsync(first);

        var answer = await sidecar.AskAsync($"/v1/agents/{agent}/budget", agent: null, then);

        Assert.Equal((200, expected), (answer.Status, (long?)answer.Body["max_call_share_percent"]));
        Assert.Equal(expected, (long?)(await sidecar.GetAsync($"/v1/agents/{agent}/budget")).Body["max_call_share_percent"]);
    }

    [Fact]
    public async Task Key_SentAgainAfterTheBudgetIsThere_TakesNoEffectAgain()
    {
        await using var sidecar = await SidecarFixture.StartAsync();
        var agent = await sidecar.AgentAsync(budget: null);
        var path = $"/v1/agents/{agent}/budget";
        (string, string) key = ("Idempotency-Key", "first");
        await sidecar.AskAsync(path, agent: null, """{"hard_limit_cents":100,"topup_cents":10}""", key);
        await sidecar.AskAsync(path, agent: null, """{"hard_limit_cents":100,"max_in_flight":5}""");

        var again = await sidecar.AskAsync(path, agent: null, """{"hard_limit_cents":100,"topup_cents":10}""", key);

        Assert.Equal((200, 10, 5), (again.Status, (long)again.Body["remaining_cents"]!, (long)again.Body["max_in_flight"]!));
    }
}
