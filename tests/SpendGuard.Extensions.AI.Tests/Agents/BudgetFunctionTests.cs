using System.Text.Json;
using Microsoft.Extensions.AI;
using SpendGuard.Budgets;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Extensions.AI.Tests.Agents;

/// <summary>An agent that asks for its own budget.</summary>
public sealed class BudgetFunctionTests : IAsyncLifetime
{
    private readonly List<string> _results = [];
    private Guarded _guarded = null!;

    public async Task InitializeAsync()
    {
        _guarded = await Guarded.StartAsync();
        await _guarded.SetBudgetAsync(Money.FromDollars(2), agent: "a");
        await _guarded.SetBudgetAsync(Money.FromDollars(3), agent: "b");
        _guarded.Provider.OnArrival = request =>
        {
            if (request.EndsWithToolResult)
            {
                _results.Add(request.Body["messages"]!.AsArray()[^1]!["content"]!.ToString());
            }

            return Task.CompletedTask;
        };
    }

    public async Task DisposeAsync() => await _guarded.DisposeAsync();

    [Theory]
    [InlineData("options", false)]
    [InlineData("options", true)]
    [InlineData("scope", false)]
    [InlineData("scope", true)]
    [InlineData("client", false)]
    [InlineData("client", true)]
    public async Task ModelThatAsks_IsToldOfTheAgentThatPaysForTheCall(string by, bool stream)
    {
        _guarded.Provider.Behaviour = Behaviour.CallTool("get_budget", "{}");
        var chat = _guarded.Completions().AsBuilder().UseFunctionInvocation().UseSpendGuard(() => "b", _guarded.Engine).Build();
        var options = new ChatOptions { MaxOutputTokens = 100, Tools = [BudgetFunction.Create(_guarded.Engine, () => "b")] };
        using var scope = by == "scope" ? SpendGuardScope.Begin("a") : null;
        await chat.AskAsync("What is left?", stream, by == "options" ? options.ForAgent("a") : options);

        var told = Told();
        var agent = by == "client" ? "b" : "a";
        Assert.Equal(agent, told.GetProperty("agent").GetString());
        var (limit, spent) = (agent == "a" ? 2m : 3m, _guarded.Provider.Calls[0].ChargeMicrocents);
        AssertAmounts(told.GetProperty("budget"), limit, spent);
        Assert.Equal(0, told.GetProperty("runs").GetArrayLength());
        await _guarded.AssertPaidAsBilledAsync();
    }

    [Fact]
    public async Task WithinRunsWithACap_TheyAreToldToo_TheInnermostFirst()
    {
        using var outer = _guarded.Engine.BeginRun("a", Money.FromDollars(0.5m), "outer");
        using var inner = _guarded.Engine.BeginRun("b", Money.FromDollars(0.25m), "inner");
        await _guarded.Chat().GetResponseAsync("hello");
        var told = Assert.IsType<JsonElement>(await BudgetFunction.Create(_guarded.Engine).InvokeAsync());

        Assert.Equal("b", told.GetProperty("agent").GetString());
        var runs = told.GetProperty("runs").EnumerateArray().ToList();
        Assert.Equal(["inner", "outer"], runs.Select(run => run.GetProperty("run").GetString()));
        AssertAmounts(runs[0].GetProperty("budget"), 0.25m, inner.Budget.Spent.Microcents);
        AssertAmounts(runs[1].GetProperty("budget"), 0.5m, outer.Budget.Spent.Microcents);
        Assert.True(inner.Budget.Spent > Money.Zero);
    }

    [Fact]
    public async Task AgentWithoutABudget_IsToldThatThereIsNone()
    {
        var told = Assert.IsType<JsonElement>(await BudgetFunction.Create(_guarded.Engine, () => "nobody").InvokeAsync());

        Assert.Equal(("nobody", JsonValueKind.Null), (told.GetProperty("agent").GetString(), told.GetProperty("budget").ValueKind));
    }

    [Fact]
    public async Task NobodyIsRunning_IsRefused() => await Assert.ThrowsAsync<UnidentifiedAgentException>(
        () => BudgetFunction.Create(_guarded.Engine).InvokeAsync().AsTask());

    [Fact]
    public async Task Asking_ChangesNothing()
    {
        var before = await _guarded.LedgerAsync();
        await BudgetFunction.Create(_guarded.Engine, () => "a").InvokeAsync();

        Assert.Equal(before, await _guarded.LedgerAsync());
    }

    private static void AssertAmounts(JsonElement budget, decimal limit, long spent)
    {
        Assert.Equal(limit, budget.GetProperty("limit").GetProperty("dollars").GetDecimal());
        Assert.Equal(limit, budget.GetProperty("granted").GetProperty("dollars").GetDecimal());
        Assert.Equal(spent, budget.GetProperty("spent").GetProperty("microcents").GetInt64());
        Assert.Equal(0, budget.GetProperty("held").GetProperty("microcents").GetInt64());
        var left = budget.GetProperty("left");
        Assert.Equal(Money.FromDollars(limit).Microcents - spent, left.GetProperty("microcents").GetInt64());
        Assert.Equal(Money.FromMicrocents(left.GetProperty("microcents").GetInt64()).ToDollars(), left.GetProperty("dollars").GetDecimal());
    }

    /// <summary>What the model was sent as the function's result.</summary>
    private JsonElement Told() => JsonDocument.Parse(_results[^1]).RootElement;
}
