using System.Text.Json;
using Microsoft.SemanticKernel;
using SpendGuard.Testing.Provider;

namespace SpendGuard.SemanticKernel.Tests;

/// <summary>A run that may cost no more than an amount, around a kernel; and a model that asks for what is left.</summary>
public sealed class CappedRunTests : IAsyncLifetime
{
    private static readonly PromptExecutionSettings WithTools = new()
    {
        FunctionChoiceBehavior = FunctionChoiceBehavior.Auto(),
        ExtensionData = new Dictionary<string, object>(StringComparer.Ordinal) { ["max_tokens"] = 200 },
    };

    private GuardedKernel _guarded = null!;

    public async Task InitializeAsync() => _guarded = await GuardedKernel.StartAsync(Money.FromDollars(10));

    public async Task DisposeAsync() => await _guarded.DisposeAsync();

    [Theory]
    [MemberData(nameof(MatrixTests.Services), MemberType = typeof(MatrixTests))]
    public async Task Loop_NeverEndsOnItsOwn_StopsAtTheCapOfItsRunAndSaysSo(string service, bool stream)
    {
        _guarded.Provider.Behaviour = Behaviour.CallToolForever(Service.ToolName(service, "library", "search"), """{"query":"more"}""");
        var kernel = _guarded.Build(service);
        using var run = _guarded.Engine.BeginRun("a", Money.FromDollars(0.02m), "nightly");
        var said = await kernel.PromptAsync("find x", WithTools, stream);

        Assert.Contains("Stopped before the work was done. Insufficient budget: run 'nightly' of agent 'a' may cost $0.02 in all", said, StringComparison.Ordinal);
        Assert.InRange(_guarded.Provider.Calls.Count, 3, 100);
        Assert.Equal((_guarded.Provider.Bill.TotalMicrocents, Money.Zero), (run.Budget.Spent.Microcents, run.Budget.Held));
        Assert.True(run.Budget.Spent <= run.MaxCost);
        await _guarded.AssertMeteredAsync(_guarded.Provider.Calls.Count);
    }

    [Fact]
    public async Task FunctionWithAPrice_CountsForTheRun()
    {
        var kernel = _guarded.Build(Service.ChatClient, o => o.AddToolBudget("library", "search", price: Money.FromCents(1)));
        using var run = _guarded.Engine.BeginRun("a", Money.FromCents(1));
        var arguments = new KernelArguments { ["query"] = "x" };
        await kernel.InvokeAsync("library", "search", arguments);

        Assert.Equal(run.MaxCost, run.Budget.Spent);
        var refusal = await Assert.ThrowsAsync<InsufficientBudgetException>(() => kernel.InvokeAsync("library", "search", arguments));
        Assert.Equal(run.Id, refusal.Run);
    }

    [Theory]
    [MemberData(nameof(MatrixTests.Services), MemberType = typeof(MatrixTests))]
    public async Task ModelThatAsksForItsBudget_IsToldOfTheKernelsAgentOrTheRun(string service, bool stream)
    {
        var name = Service.ToolName(service, "spendguard", "get_budget");
        var told = "";
        _guarded.Provider.Behaviour = Behaviour.CallTool(name, "{}");
        var arrival = _guarded.Provider.OnArrival;
        _guarded.Provider.OnArrival = request =>
        {
            told = request.EndsWithToolResult ? request.Body["messages"]!.AsArray()[^1]!["content"]!.ToString() : told;
            return arrival!(request);
        };
        var kernel = _guarded.Build(service, o => o.AddBudgetFunction());
        await kernel.PromptAsync("What is left?", WithTools, stream);

        var budget = JsonDocument.Parse(told).RootElement;
        Assert.Equal("a", budget.GetProperty("agent").GetString());
        Assert.Equal(10m, budget.GetProperty("budget").GetProperty("limit").GetProperty("dollars").GetDecimal());

        using var run = _guarded.Engine.BeginRun("a", Money.FromDollars(1), "nightly");
        await kernel.PromptAsync("What is left?", WithTools, stream);
        Assert.Equal("nightly", JsonDocument.Parse(told).RootElement.GetProperty("runs")[0].GetProperty("run").GetString());
    }

    [Fact]
    public void BudgetFunction_IsThereOnlyWhereItWasAskedFor() => Assert.DoesNotContain(
        _guarded.Build(Service.ChatClient).Plugins, plugin => plugin.Name == "spendguard");
}
