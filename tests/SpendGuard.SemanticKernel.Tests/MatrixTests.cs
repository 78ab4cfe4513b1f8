using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using Microsoft.SemanticKernel.TextGeneration;
using SpendGuard.Testing.Provider;

namespace SpendGuard.SemanticKernel.Tests;

/// <summary>Every way to a model through a kernel, by every kind of service: the provider sees no call without a hold.</summary>
public sealed class MatrixTests : IAsyncLifetime
{
    private static readonly PromptExecutionSettings Capped = new() { ExtensionData = new Dictionary<string, object> { ["max_tokens"] = 500 } };

    private static readonly PromptExecutionSettings WithTools = new() { FunctionChoiceBehavior = FunctionChoiceBehavior.Auto() };

    private GuardedKernel _guarded = null!;

    public static TheoryData<string, bool> Services => new()
    {
        { Service.ChatClient, false },
        { Service.ChatClient, true },
        { Service.ChatCompletion, false },
        { Service.ChatCompletion, true },
        { Service.Connector, false },
        { Service.Connector, true },
    };

    public async Task InitializeAsync() => _guarded = await GuardedKernel.StartAsync();

    public async Task DisposeAsync() => await _guarded.DisposeAsync();

    [Theory]
    [MemberData(nameof(Services))]
    public async Task PromptFunction_IsMetered(string service, bool stream)
    {
        var kernel = _guarded.Build(service);
        var said = await kernel.PromptAsync("hello", Capped, stream);

        Assert.NotEmpty(said);
        await _guarded.AssertMeteredAsync(calls: 1);
        Assert.Equal(500, _guarded.Provider.Calls[0].MaxOutputTokens);
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task DirectService_IsMetered(string service, bool stream)
    {
        var kernel = _guarded.Build(service);
        var said = service == Service.ChatClient
            ? await kernel.GetRequiredService<IChatClient>().SayAsync("hello", stream)
            : await kernel.GetRequiredService<IChatCompletionService>().SayAsync("hello", Capped, kernel, stream);

        Assert.NotEmpty(said);
        await _guarded.AssertMeteredAsync(calls: 1);
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task TextGeneration_IsMeteredOrNotThere(string service, bool stream)
    {
        var kernel = _guarded.Build(service);
        if (service != Service.Connector)
        {
            Assert.Throws<KernelException>(() => kernel.GetRequiredService<ITextGenerationService>());
            await _guarded.AssertNothingHappenedAsync();
            return;
        }

        var text = kernel.GetRequiredService<ITextGenerationService>();
        var said = "";
        if (stream)
        {
            await foreach (var update in text.GetStreamingTextContentsAsync("hello", Capped, kernel))
            {
                said += update.Text;
            }
        }
        else
        {
            said = (await text.GetTextContentAsync("hello", Capped, kernel)).Text;
        }

        Assert.NotEmpty(said!);
        await _guarded.AssertMeteredAsync(calls: 1);
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task AutoFunctionCalling_EachCallIsMetered(string service, bool stream)
    {
        _guarded.Provider.Behaviour = Behaviour.CallTool(Service.ToolName(service, "library", "search"), """{"query":"budgets"}""");
        var kernel = _guarded.Build(service);
        var said = await kernel.PromptAsync("find x", WithTools, stream);

        Assert.EndsWith("Done.", said, StringComparison.Ordinal);
        await _guarded.AssertMeteredAsync(calls: 2);
        Assert.All(
            (await _guarded.LedgerAsync()).Where(entry => entry.Reservation is not null),
            entry => Assert.Equal(stream ? "InvokePromptStreamingAsync" : "InvokePromptAsync", entry.Function));
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task AgentsService_EachCallIsMetered(string service, bool stream)
    {
        _guarded.Provider.Behaviour = Behaviour.CallTool(Service.ToolName(service, "library", "search"), """{"query":"budgets"}""");
        var kernel = _guarded.Build(service);
        var client = service == Service.ChatClient
            ? kernel.GetRequiredService<IChatClient>()
            : kernel.GetRequiredService<IChatCompletionService>().AsChatClient();
        var agent = client.AsAIAgent("You find things.", "finder", tools: [.. kernel.Plugins.SelectMany(plugin => plugin)]);
        var said = "";
        if (stream)
        {
            await foreach (var update in agent.RunStreamingAsync("find x"))
            {
                said += update.Text;
            }
        }
        else
        {
            said = (await agent.RunAsync("find x")).Text;
        }

        Assert.EndsWith("Done.", said, StringComparison.Ordinal);
        await _guarded.AssertMeteredAsync(calls: 2);
    }
}
