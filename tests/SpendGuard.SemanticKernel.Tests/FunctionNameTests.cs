using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using SpendGuard.Testing.Provider;

namespace SpendGuard.SemanticKernel.Tests;

/// <summary>The names of functions, as the model is told them and as it calls them.</summary>
public sealed class FunctionNameTests : IAsyncLifetime
{
    private static readonly PromptExecutionSettings WithTools = new() { FunctionChoiceBehavior = FunctionChoiceBehavior.Auto() };

    private GuardedKernel _guarded = null!;

    public async Task InitializeAsync() => _guarded = await GuardedKernel.StartAsync();

    public async Task DisposeAsync() => await _guarded.DisposeAsync();

    [Theory]
    [InlineData(Service.ChatClient)]
    [InlineData(Service.Connector)]
    public async Task Model_IsToldTheNames_ThatItIsToldWithoutAGuard(string service)
    {
        var told = new List<IReadOnlyList<string>>();
        _guarded.Provider.OnArrival = request =>
        {
            told.Add(request.Tools);
            return Task.CompletedTask;
        };
        var builder = Kernel.CreateBuilder();
        _guarded.Add(builder, service);
        var bare = builder.Build();
        bare.Plugins.AddFromFunctions("library", _guarded.Build(service).Plugins["library"]);
        await bare.PromptAsync("hello", WithTools, stream: false);
        await _guarded.Build(service).PromptAsync("hello", WithTools, stream: false);

        Assert.Equal([Service.ToolName(service, "library", "search")], told[0]);
        Assert.Equal(told[0], told[1]);
    }

    [Theory]
    [MemberData(nameof(MatrixTests.Services), MemberType = typeof(MatrixTests))]
    public async Task Functions_OfTwoPluginsComeToOneName_AreRefusedBeforeTheWrongOneRuns(string service, bool stream)
    {
        var ran = new List<string>();
        var kernel = _guarded.Build(service);
        kernel.Plugins.AddFromFunctions("files", [KernelFunctionFactory.CreateFromMethod(() => ran.Add("files-old_delete"), "old_delete")]);
        kernel.Plugins.AddFromFunctions("files_old", [KernelFunctionFactory.CreateFromMethod(() => ran.Add("files_old-delete"), "delete")]);
        _guarded.Provider.Behaviour = Behaviour.CallTool(Service.ToolName(service, "files_old", "delete"), "{}");
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => kernel.PromptAsync("delete x", WithTools, stream));

        Assert.Contains("'files-old_delete' and 'files_old-delete'", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(ran);
        await _guarded.AssertNothingHappenedAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Responses_WithTools_AreCalledToTheEndOfTheLoop(bool stream)
    {
        _guarded.Provider.Behaviour = Behaviour.CallTool("library_search", """{"query":"budgets"}""");
        var kernel = _guarded.BuildWithResponses();

        Assert.EndsWith("Done.", await kernel.PromptAsync("find x", WithTools, stream), StringComparison.Ordinal);
        await _guarded.AssertMeteredAsync(calls: 2);
    }
}
