#pragma warning disable SKEXP0010 // Experimental settings reach the provider as well as the others.

using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.Connectors.OpenAI;

namespace SpendGuard.SemanticKernel.Tests;

/// <summary>Execution settings reach the provider within the cap, and those that would raise the cost past it do not.</summary>
public sealed class ExecutionSettingsTests : IAsyncLifetime
{
    private GuardedKernel _guarded = null!;

    public async Task InitializeAsync() => _guarded = await GuardedKernel.StartAsync();

    public async Task DisposeAsync() => await _guarded.DisposeAsync();

    [Theory]
    [MemberData(nameof(MatrixTests.Services), MemberType = typeof(MatrixTests))]
    public async Task Settings_OfTheConnectorsOwnType_ReachTheProviderWithinTheCap(string service, bool stream)
    {
        var settings = new OpenAIPromptExecutionSettings
        {
            MaxTokens = 300, ChatSystemPrompt = "Be brief.", Temperature = 0.5, User = "someone",
        };
        await _guarded.Build(service).PromptAsync("hello", settings, stream);

        await _guarded.AssertMeteredAsync(calls: 1);
        Assert.Equal(300, _guarded.Provider.Calls[0].MaxOutputTokens);
        Assert.True(_guarded.Provider.Calls[0].InputTokens > 10);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Connector_IsAskedForMoreThanText_IsRefused(bool stream)
    {
        var kernel = _guarded.Build(Service.Connector);
        var settings = new OpenAIPromptExecutionSettings { WebSearchOptions = "low" };
        var refusal = await Assert.ThrowsAsync<UnboundedCostException>(() => kernel.PromptAsync("hello", settings, stream));

        Assert.Equal("web_search_options", refusal.Feature);
        await _guarded.AssertNothingHappenedAsync();
    }

    [Theory]
    [MemberData(nameof(MatrixTests.Services), MemberType = typeof(MatrixTests))]
    public async Task ExtraBody_CouldSayAnything_IsRefused(string service, bool stream)
    {
        var kernel = _guarded.Build(service);
        var settings = new OpenAIPromptExecutionSettings { ExtraBody = new Dictionary<string, object?>(StringComparer.Ordinal) { ["n"] = 5 } };
        var refusal = await Assert.ThrowsAsync<UnboundedCostException>(() => kernel.PromptAsync("hello", settings, stream));

        Assert.Equal("RawRepresentationFactory", refusal.Feature);
        await _guarded.AssertNothingHappenedAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ToolCallBehavior_IsOfTheConnectorsLoop_IsRefused(bool stream)
    {
        var kernel = _guarded.Build(Service.Connector);
        var settings = new OpenAIPromptExecutionSettings { ToolCallBehavior = ToolCallBehavior.AutoInvokeKernelFunctions };
        var refusal = await Assert.ThrowsAsync<UnboundedCostException>(() => kernel.PromptAsync("hello", settings, stream));

        Assert.Equal("toolCallBehavior", refusal.Feature);
        await _guarded.AssertNothingHappenedAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Connector_CannotBeToldTheReasoningEffort_SaysSo(bool stream)
    {
        var kernel = _guarded.Build(Service.Connector);
        var settings = new OpenAIPromptExecutionSettings { ReasoningEffort = "low" };
        var refusal = await Assert.ThrowsAsync<NotSupportedException>(() => kernel.PromptAsync("hello", settings, stream));

        Assert.Contains("AddOpenAIChatClient", refusal.Message, StringComparison.Ordinal);
        await _guarded.AssertNothingHappenedAsync();
    }

    [Theory]
    [InlineData(typeof(Answer), false)]
    [InlineData(typeof(Answer), true)]
    [InlineData(null, false)]
    [InlineData(null, true)]
    public async Task ResponseFormat_OfAType_ReachesTheProviderAsWithoutAGuard(Type? type, bool stream)
    {
        var formats = new List<string?>();
        _guarded.Provider.OnArrival = request =>
        {
            formats.Add(request.Body["response_format"]?.ToJsonString());
            return Task.CompletedTask;
        };
        var settings = new OpenAIPromptExecutionSettings
        {
            ResponseFormat = type ?? (object)OpenAI.Chat.ChatResponseFormat.CreateJsonObjectFormat(),
            MaxTokens = 100,
        };
        var builder = Kernel.CreateBuilder();
        _guarded.Add(builder, Service.Connector);
        await builder.Build().PromptAsync("hello", settings, stream);
        await _guarded.Build(Service.Connector).PromptAsync("hello", settings, stream);

        Assert.NotNull(formats[0]);
        Assert.Equal(formats[0], formats[1]);
    }

    private sealed record Answer(string Text, int Stars = 3, IReadOnlyList<string>? Sources = null);
}
