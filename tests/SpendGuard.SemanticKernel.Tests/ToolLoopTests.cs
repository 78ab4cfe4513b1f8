using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using SpendGuard.Budgets;
using SpendGuard.Extensions.AI;
using SpendGuard.Testing.Provider;

namespace SpendGuard.SemanticKernel.Tests;

/// <summary>When the budget refuses inside of an automatic function loop, the loop ends with an answer that says why and what remains.</summary>
public sealed class ToolLoopTests : IAsyncLifetime
{
    private static readonly PromptExecutionSettings WithTools = new()
    {
        FunctionChoiceBehavior = FunctionChoiceBehavior.Auto(),
        ExtensionData = new Dictionary<string, object>(StringComparer.Ordinal) { ["max_tokens"] = 200 },
    };

    private GuardedKernel _guarded = null!;

    public async Task InitializeAsync() => _guarded = await GuardedKernel.StartAsync(Money.FromDollars(0.02m));

    public async Task DisposeAsync() => await _guarded.DisposeAsync();

    [Theory]
    [MemberData(nameof(MatrixTests.Services), MemberType = typeof(MatrixTests))]
    public async Task Loop_NeverEndsOnItsOwn_StopsAtTheBudgetAndSaysSo(string service, bool stream)
    {
        _guarded.Provider.Behaviour = Behaviour.CallToolForever(Service.ToolName(service, "library", "search"), """{"query":"more"}""");
        var kernel = _guarded.Build(service);
        var said = await kernel.PromptAsync("find x", WithTools, stream);

        var budget = await _guarded.BudgetAsync();
        Assert.Contains("Stopped before the work was done. Insufficient budget: agent 'a' has", said, StringComparison.Ordinal);
        Assert.Contains($"{budget.Remaining} left of $0.02", said, StringComparison.Ordinal);
        Assert.InRange(_guarded.Provider.Calls.Count, 3, 100);
        await _guarded.AssertMeteredAsync(_guarded.Provider.Calls.Count);
    }

    [Theory]
    [MemberData(nameof(MatrixTests.Services), MemberType = typeof(MatrixTests))]
    public async Task FunctionsModelCall_IsRefused_EndsTheLoop(string service, bool stream)
    {
        await _guarded.Engine.SetBudgetAsync("inner", Money.Zero);
        _guarded.Provider.Behaviour = Behaviour.CallTool(Service.ToolName(service, "writer", "draft"), "{}");
        var kernel = _guarded.Build(service);
        kernel.Plugins.AddFromFunctions("writer", [KernelFunctionFactory.CreateFromMethod(DraftAsync, "draft")]);
        var said = await kernel.PromptAsync("write x", WithTools, stream);

        Assert.Contains("agent 'inner' has $0.00 left", said, StringComparison.Ordinal);
        await _guarded.AssertMeteredAsync(calls: 1);

        async Task<string> DraftAsync()
        {
            using var scope = SpendGuardScope.Begin("inner");
            return (await kernel.InvokePromptAsync("draft x")).ToString();
        }
    }

    [Fact]
    public async Task Refusal_OfAChatService_IsInTheMetadataAndTheHistoryIsWhole()
    {
        _guarded.Provider.Behaviour = Behaviour.CallToolForever(Service.ToolName(Service.Connector, "library", "search"), """{"query":"more"}""");
        var kernel = _guarded.Build(Service.Connector);
        var chat = kernel.GetRequiredService<IChatCompletionService>();
        var history = new ChatHistory("find x", AuthorRole.User);
        var answer = await chat.GetChatMessageContentAsync(history, WithTools, kernel);

        Assert.Equal(AuthorRole.Assistant, answer.Role);
        Assert.Contains("Insufficient budget", Assert.IsType<string>(answer.Metadata![RefusalProperties.Refusal]), StringComparison.Ordinal);
        Assert.Equal((await _guarded.BudgetAsync()).Remaining.Microcents, answer.Metadata[SettlementProperties.RemainingMicrocents]);
        Assert.Equal(AuthorRole.Tool, history[^1].Role);

        // The conversation goes on after a top-up, as it stands.
        _guarded.Provider.Behaviour = Behaviour.Say("Here it is.");
        await _guarded.Engine.SetBudgetAsync("a", Money.FromDollars(1), topUp: Money.FromDollars(1));
        history.Add(answer);
        history.AddUserMessage("go on");
        Assert.Equal("Here it is.", (await chat.GetChatMessageContentAsync(history, WithTools, kernel)).Content);
        await _guarded.AssertMeteredAsync(_guarded.Provider.Calls.Count);
    }

    [Theory]
    [InlineData(Service.ChatClient)]
    [InlineData(Service.Connector)]
    public async Task Refusal_InAStream_IsInTheMetadataOfItsUpdate(string service)
    {
        _guarded.Provider.Behaviour = Behaviour.CallToolForever(Service.ToolName(service, "library", "search"), """{"query":"more"}""");
        var kernel = _guarded.Build(service);
        var updates = await kernel.InvokePromptStreamingAsync("find x", new KernelArguments(WithTools)).ToListAsync();

        var refusal = Assert.Single(updates, update => update.Metadata?.ContainsKey(RefusalProperties.Refusal) == true && update.ToString() != "");
        Assert.StartsWith("Stopped before the work was done.", refusal.ToString(), StringComparison.Ordinal);
        Assert.Equal(
            (await _guarded.BudgetAsync()).Remaining.Microcents, refusal.Metadata![SettlementProperties.RemainingMicrocents]);
    }

    [Fact]
    public async Task Refusal_OfAChatClient_HasItsFinishReason()
    {
        _guarded.Provider.Behaviour = Behaviour.CallToolForever("search", "{}");
        var options = new ChatOptions { Tools = [AIFunctionFactory.Create(() => "Nothing.", "search")], MaxOutputTokens = 200 };
        var response = await _guarded.Build(Service.ChatClient).GetRequiredService<IChatClient>().GetResponseAsync("find x", options);

        Assert.Equal(RefusalProperties.FinishReason, response.FinishReason?.Value);
        Assert.IsType<long>(response.AdditionalProperties![SettlementProperties.RemainingMicrocents]);
    }

    [Theory]
    [MemberData(nameof(MatrixTests.Services), MemberType = typeof(MatrixTests))]
    public async Task FirstCall_IsRefused_Throws(string service, bool stream)
    {
        await _guarded.Engine.SetBudgetAsync("a", Money.Zero);
        var kernel = _guarded.Build(service);

        await Assert.ThrowsAsync<InsufficientBudgetException>(() => kernel.PromptAsync("hello", WithTools, stream));
        await _guarded.AssertNothingHappenedAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FunctionsModelCalls_AreAttributedToIt(bool stream)
    {
        _guarded.Provider.Behaviour = Behaviour.CallTool("writer_draft", "{}");
        var kernel = _guarded.Build(Service.ChatClient);
        var draft = KernelFunctionFactory.CreateFromPrompt("Draft x.", functionName: "draft");
        kernel.Plugins.AddFromFunctions("writer", [draft]);
        await kernel.PromptAsync("write x", WithTools, stream);

        var outer = stream ? "InvokePromptStreamingAsync" : "InvokePromptAsync";
        Assert.Equal(
            [outer, "writer-draft", outer],
            (await _guarded.LedgerAsync()).Where(entry => entry.Kind == LedgerEntryKind.Settled).Select(entry => entry.Function));
        await _guarded.AssertMeteredAsync(calls: 3);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Service_HasAGuardOfItsOwn_KeepsItsAgentInsideOfFunctions(bool stream)
    {
        await _guarded.Engine.SetBudgetAsync("other", Money.FromDollars(1));
        var own = _guarded.OpenAI.GetChatClient(GuardedKernel.Model).AsIChatClient().AsBuilder().UseSpendGuard("other", _guarded.Engine).Build();
        var builder = Kernel.CreateBuilder();
        builder.Services.AddSingleton(own);
        await builder.AddSpendGuard("a", _guarded.Engine).Build().PromptAsync("hello", WithTools, stream);

        var entry = (await _guarded.LedgerAsync())[^1];
        Assert.Equal("other", entry.Agent!.Value.Value);
        Assert.StartsWith("InvokePrompt", entry.Function, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Scope_AroundTheKernel_KeepsItsAgentAndRun(bool stream)
    {
        await _guarded.Engine.SetBudgetAsync("tenant", Money.FromDollars(1));
        var kernel = _guarded.Build(Service.Connector);
        using (SpendGuardScope.Begin("tenant", new RunId("run-1")))
        {
            await kernel.PromptAsync("hello", WithTools, stream);
        }

        var entry = (await _guarded.LedgerAsync())[^1];
        Assert.Equal(("tenant", "run-1"), (entry.Agent!.Value.Value, entry.Run?.Value));
        Assert.StartsWith("InvokePrompt", entry.Function, StringComparison.Ordinal);
    }
}
