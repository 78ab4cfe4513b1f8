using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.BlackBox.Tests.Contract;

/// <summary>The rules of budgets as callers see them, and what a budget tells.</summary>
public sealed class BudgetRouteTests(Sidecar sidecar) : IClassFixture<Sidecar>
{
    private const long Cent = 1_000_000;

    private static readonly string[] Fields =
    [
        "agent_id", "hard_limit_cents", "remaining_cents", "locked_run_id", "locked_cents", "locked_expires_at",
        "max_in_flight", "max_call_share_percent", "on_exhausted", "raised_microcents", "owed_microcents", "in_flight", "batches", "spent_microcents", "held_microcents", "remaining_microcents", "overdrawn", "hard_limit_microcents", "granted_microcents", "available_microcents",
    ];

    /// <summary>What a set answers, beside what a budget tells.</summary>
    private static readonly string[] SetFields = [.. Fields, "added_microcents"];

    [Fact]
    public async Task NoBudget_IsNotFound() => (await sidecar.BudgetAsync(await sidecar.AgentAsync())).Refuses(404, "Budget not found");

    [Theory]
    [InlineData("""{"hard_limit_cents":100}""", 100)]
    [InlineData("""{"hard_limit_cents":100,"topup_cents":0}""", 100)]
    [InlineData("""{"hard_limit_cents":100,"topup_cents":null}""", 100)]
    [InlineData("""{"hard_limit_cents":100,"topup_cents":30}""", 30)]
    [InlineData("""{"hard_limit_cents":100,"topup_cents":100}""", 100)]
    [InlineData("""{"hard_limit_cents":100,"topup_cents":500}""", 100)]
    [InlineData("""{"hard_limit_cents":1,"topup_cents":1}""", 1)]
    public async Task FirstSet_RemainsTheTopUpOrTheLimit(string body, long remaining)
    {
        var agent = await sidecar.AgentAsync();
        var budget = (await sidecar.SetBudgetAsync(agent, body)).Has(SetFields);
        Assert.Equal(remaining, budget.Number("remaining_cents"));
        Assert.Equal(remaining * Cent, budget.Number("remaining_microcents"));
        Assert.Equal(agent, budget.String("agent_id"));
        Assert.Equal((1, 0, 0, 0), (budget.Number("max_in_flight"), budget.Number("in_flight"), budget.Number("spent_microcents"), budget.Number("held_microcents")));
        Assert.Null(budget.Json["locked_run_id"]);
        Assert.Equal(0, budget.Number("locked_cents"));
        Assert.Null(budget.Json["locked_expires_at"]);
        Assert.False(budget.Json["overdrawn"]!.GetValue<bool>());
        Assert.Equal((remaining * Cent, remaining * Cent, remaining * Cent), (budget.Number("added_microcents"), budget.Number("granted_microcents"), budget.Number("available_microcents")));
        var shown = budget.Json.AsObject();
        shown.Remove("added_microcents");
        Assert.Equal(shown.ToJsonString(), (await sidecar.BudgetAsync(agent)).Has(Fields).Json.ToJsonString());
    }

    [Theory]
    [InlineData("""{"hard_limit_cents":100}""", 30)]
    [InlineData("""{"hard_limit_cents":100,"topup_cents":20}""", 50)]
    [InlineData("""{"hard_limit_cents":100,"topup_cents":500}""", 100)]
    [InlineData("""{"hard_limit_cents":10}""", 10)]
    [InlineData("""{"hard_limit_cents":10,"topup_cents":5}""", 10)]
    [InlineData("""{"hard_limit_cents":1000,"topup_cents":500}""", 530)]
    public async Task LaterSet_RemainsWhatRemainedAndTheTopUp_UpToTheLimit(string body, long remaining)
    {
        var agent = await sidecar.AgentAsync();
        await sidecar.SetBudgetAsync(agent, """{"hard_limit_cents":100,"topup_cents":30}""");
        Assert.Equal(remaining, (await sidecar.SetBudgetAsync(agent, body)).Has(SetFields).Number("remaining_cents"));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"hard_limit_cents":0}""")]
    [InlineData("""{"hard_limit_cents":-1}""")]
    [InlineData("""{"hard_limit_cents":1.5}""")]
    [InlineData("""{"hard_limit_cents":"100"}""")]
    [InlineData("""{"hard_limit_cents":true}""")]
    [InlineData("""{"hard_limit_cents":null}""")]
    [InlineData("""{"hard_limit_cents":[100]}""")]
    [InlineData("""{"hard_limit_cents":9223372036854775807}""")]
    [InlineData("""{"hard_limit_cents":1e400}""")]
    [InlineData("""{"hard_limit_cents":100,"topup_cents":-1}""")]
    [InlineData("""{"hard_limit_cents":100,"topup_cents":0.5}""")]
    [InlineData("""{"hard_limit_cents":100,"topup_cents":"1"}""")]
    [InlineData("""{"hard_limit_cents":100,"topup_cents":9223372036854775807}""")]
    [InlineData("""{"hard_limit_cents":100,"max_in_flight":0}""")]
    [InlineData("""{"hard_limit_cents":100,"max_in_flight":-3}""")]
    [InlineData("""{"hard_limit_cents":100,"max_in_flight":1.5}""")]
    [InlineData("""{"hard_limit_cents":100,"max_in_flight":"2"}""")]
    [InlineData("""{"hard_limit_cents":100,"max_call_share_percent":0}""")]
    [InlineData("""{"hard_limit_cents":100,"max_call_share_percent":101}""")]
    [InlineData("""{"hard_limit_cents":100,"max_call_share_percent":2.5}""")]
    [InlineData("""{"hard_limit_cents":100,"hard_limit_cents":200}""")]
    [InlineData("[]")]
    [InlineData("")]
    public async Task Malformed_IsRefused_AndNothingChanges(string body)
    {
        var agent = await sidecar.AgentAsync();
        var answer = await sidecar.SetBudgetAsync(agent, body);
        Assert.Equal(400, answer.Status);
        Assert.NotEmpty(answer.Detail);
        (await sidecar.BudgetAsync(agent)).Refuses(404, "Budget not found");
    }

    [Fact]
    public async Task IdempotencyKey_SentTwice_TakesEffectOnce()
    {
        var agent = await sidecar.AgentAsync();
        await sidecar.SetBudgetAsync(agent, """{"hard_limit_cents":100,"topup_cents":10}""");
        (string, string) key = ("Idempotency-Key", "top-up-1");
        var topUp = """{"hard_limit_cents":100,"topup_cents":20}""";
        Assert.Equal(30, (await sidecar.SetBudgetAsync(agent, topUp, key)).Number("remaining_cents"));
        Assert.Equal(30, (await sidecar.SetBudgetAsync(agent, topUp, key)).Number("remaining_cents"));
        Assert.Equal(30, (await sidecar.BudgetAsync(agent)).Number("remaining_cents"));

        var other = await sidecar.SetBudgetAsync(agent, """{"hard_limit_cents":100,"topup_cents":21}""", key);
        Assert.Equal(409, other.Status);
        Assert.NotEmpty(other.Detail);
        Assert.Equal(50, (await sidecar.SetBudgetAsync(agent, topUp, ("Idempotency-Key", "top-up-2"))).Number("remaining_cents"));
    }

    [Fact]
    public async Task IdempotencyKey_TooLong_IsRefused()
    {
        var agent = await sidecar.AgentAsync();
        var answer = await sidecar.SetBudgetAsync(agent, """{"hard_limit_cents":100}""", ("Idempotency-Key", new string('k', 201)));
        Assert.Equal(400, answer.Status);
        (await sidecar.BudgetAsync(agent)).Refuses(404, "Budget not found");
    }

    [Fact]
    public async Task AfterACall_CentsAreRoundedDown_MicrocentsAreExact()
    {
        var agent = await sidecar.AgentAsync(cents: 100);
        Assert.Equal(200, (await sidecar.CallAsync(Route.OpenAIChat, agent)).Status);
        var bill = sidecar.BillOf(agent);
        Assert.InRange(bill, 1, Cent - 1);
        var budget = await sidecar.AssertPaidAsBilledAsync(agent);
        Assert.Equal((99, 100 * Cent - bill), (budget.Number("remaining_cents"), budget.Number("remaining_microcents")));
        Assert.Equal(100, budget.Number("hard_limit_cents"));
    }

    [Fact]
    public async Task WhileACallIsInFlight_TheBudgetTellsSo_AndHeldMoneyIsNotSpent()
    {
        var agent = await sidecar.AgentAsync(cents: 100);
        var gate = sidecar.HoldBack(agent);
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var call = sidecar.CallAsync(Route.OpenAIChat, agent, run: "run-of-mine");
        await sidecar.UntilArrivedAsync(agent);

        var budget = (await sidecar.BudgetAsync(agent)).Has(Fields);
        Assert.Equal("run-of-mine", budget.String("locked_run_id"));
        Assert.Equal(1, budget.Number("in_flight"));
        Assert.Equal((100, 100 * Cent, 0), (budget.Number("remaining_cents"), budget.Number("remaining_microcents"), budget.Number("spent_microcents")));
        var held = budget.Number("held_microcents");
        Assert.InRange(held, 100 * 1000, Cent);
        Assert.Equal((held + Cent - 1) / Cent, budget.Number("locked_cents"));
        Assert.InRange(budget.Number("locked_expires_at"), now + 240, now + 600);

        var locked = (await sidecar.CallAsync(Route.OpenAIChat, agent)).Refuses(409, "Agent budget is locked by an in-flight run");
        Assert.True(int.Parse(locked.Header("Retry-After")!, System.Globalization.CultureInfo.InvariantCulture) >= 1);

        // What is in flight is not taken back by a lower limit, and a top-up in the meantime counts.
        Assert.Equal(200, (await sidecar.SetBudgetAsync(agent, """{"hard_limit_cents":200,"topup_cents":50}""")).Status);
        gate.SetResult();
        Assert.Equal(200, (await call).Status);
        budget = await sidecar.AssertPaidAsBilledAsync(agent);
        Assert.Null(budget.Json["locked_run_id"]);
        Assert.Equal(0, budget.Number("locked_cents"));
        Assert.Null(budget.Json["locked_expires_at"]);
        Assert.Equal(150 * Cent - sidecar.BillOf(agent), budget.Number("remaining_microcents"));
        Assert.Single(sidecar.CallsOf(agent));
    }

    [Fact]
    public async Task MaxInFlight_AllowsSoManyAndNoMore()
    {
        var agent = await sidecar.AgentAsync(cents: 100, maxInFlight: 2);
        Assert.Equal(2, (await sidecar.BudgetAsync(agent)).Number("max_in_flight"));
        var gate = sidecar.HoldBack(agent);
        var one = sidecar.CallAsync(Route.OpenAIChat, agent);
        var two = sidecar.CallAsync(Route.OpenAIChat, agent);
        await sidecar.UntilArrivedAsync(agent, calls: 2);
        (await sidecar.PostAsync(Route.OpenAIChat.Path, Route.OpenAIChat.Body, ("x-cynsta-agent-id", agent), ("x-spendguard-wait", "0")))
            .Refuses(409, "Agent budget is locked by an in-flight run");
        Assert.Equal(2, (await sidecar.BudgetAsync(agent)).Number("in_flight"));

        gate.SetResult();
        Assert.Equal((200, 200), ((await one).Status, (await two).Status));
        await sidecar.AssertPaidAsBilledAsync(agent);
        Assert.Equal(2, sidecar.CallsOf(agent).Count);
    }

    [Fact]
    public async Task ProviderBillsMoreThanTheHold_AllOfItIsBooked_AndTheBudgetCloses()
    {
        var agent = await sidecar.AgentAsync(cents: 1);
        sidecar.Treat(agent, new Behaviour { FixedUsage = new SimulatedUsage(8_000, 16_000) });
        Assert.Equal(200, (await sidecar.CallAsync(Route.OpenAIChat, agent)).Status);
        var budget = await sidecar.AssertPaidAsBilledAsync(agent);
        Assert.True(budget.Json["overdrawn"]!.GetValue<bool>());
        Assert.Equal((-17, -17 * Cent), (budget.Number("remaining_cents"), budget.Number("remaining_microcents")));

        var refused = await sidecar.CallAsync(Route.OpenAIChat, agent);
        Assert.Equal(402, refused.Status);
        Assert.Single(sidecar.CallsOf(agent));
    }

    [Fact]
    public async Task Restart_BudgetsStay()
    {
        var agent = await sidecar.AgentAsync(cents: 100);
        await sidecar.CallAsync(Route.OpenAIChat, agent);
        var before = await sidecar.BudgetAsync(agent);
        sidecar.Process.RequestStop();
        Assert.Equal(0, await sidecar.Process.ExitAsync());
        await sidecar.StartAsync();
        Assert.Equal(before.Text, (await sidecar.BudgetAsync(agent)).Text);
        await sidecar.AssertPaidAsBilledAsync(agent);
    }
}
