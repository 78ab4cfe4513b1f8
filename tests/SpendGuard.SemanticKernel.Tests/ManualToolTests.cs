using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using SpendGuard.Testing.Provider;

namespace SpendGuard.SemanticKernel.Tests;

/// <summary>Functions that the caller invokes by hand, as the kernel's own services have them.</summary>
public sealed class ManualToolTests : IAsyncLifetime
{
    private GuardedKernel _guarded = null!;

    public async Task InitializeAsync() => _guarded = await GuardedKernel.StartAsync();

    public async Task DisposeAsync() => await _guarded.DisposeAsync();

    [Theory]
    [InlineData(Service.ChatCompletion)]
    [InlineData(Service.Connector)]
    public async Task Calls_InvokedByHand_AreMetered(string service)
    {
        _guarded.Provider.Behaviour = Behaviour.CallTool(Service.ToolName(service, "library", "search"), """{"query":"budgets"}""");
        var kernel = _guarded.Build(service);
        var chat = kernel.GetRequiredService<IChatCompletionService>();
        var settings = new PromptExecutionSettings { FunctionChoiceBehavior = FunctionChoiceBehavior.Auto(autoInvoke: false) };
        var history = new ChatHistory("find x", AuthorRole.User);
        var asked = await chat.GetChatMessageContentAsync(history, settings, kernel);
        history.Add(asked);
        foreach (var call in FunctionCallContent.GetFunctionCalls(asked))
        {
            history.Add((await call.InvokeAsync(kernel)).ToChatMessage());
        }

        var answer = await chat.GetChatMessageContentAsync(history, settings, kernel);
        Assert.Equal("Done.", answer.Content);
        await _guarded.AssertMeteredAsync(calls: 2);
    }
}
