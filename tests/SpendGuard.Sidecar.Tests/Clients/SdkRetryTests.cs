using System.ClientModel;
using System.ClientModel.Primitives;
using Anthropic;
using Anthropic.Models.Messages;
using OpenAI;
using OpenAI.Chat;

namespace SpendGuard.Sidecar.Tests.Clients;

/// <summary>The vendors' own .NET packages as a user has them who has set nothing, and what they send again.</summary>
public sealed class SdkRetryTests
{
    private const string OpenAIServer = """{"error":{"type":"server_error","message":"Something went wrong."}}""";
    private const string OpenAIOverload = """{"error":{"type":"service_unavailable_error","code":"server_is_overloaded","message":"Try again later."}}""";
    private const string AnthropicServer = """{"type":"error","error":{"type":"api_error","message":"Internal server error"}}""";
    private const string AnthropicOverload = """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""";

    [Theory]
    [InlineData("anthropic", 500, AnthropicServer)]
    [InlineData("anthropic", 529, AnthropicServer)]
    [InlineData("anthropic", 503, AnthropicServer)]
    public async Task ErrorThatIsCharged_IsSentOnceAndChargedOnce(string sdk, int status, string body)
    {
        await using var sidecar = await SidecarFixture.StartAsync();
        var agent = await sidecar.AgentAsync(cents: 100);
        var held = sidecar.WatchHolds(agent);
        sidecar.Provider.Behaviour = new() { FailWithStatus = status, FailWithBody = body, BillFailures = true };

        await Assert.ThrowsAnyAsync<Exception>(() => CallAsync(sdk, sidecar, agent));

        Assert.Equal(status, Assert.Single(sidecar.Watch.Calls).Status);
        var spent = await sidecar.SpentAsync(agent);
        Assert.Equal(Assert.Single(held), spent);
        Assert.True(spent >= sidecar.Provider.Bill.TotalMicrocents);
    }

    /// <summary>This package does not read <c>x-should-retry</c>: only its own settings keep it from trying again. Each try is held and charged like any call.</summary>
    [Theory]
    [InlineData("openai without retries", 1)]
    [InlineData("openai", 4)]
    public async Task ErrorThatIsCharged_IsChargedAsOftenAsOpenAIsPackageSendsIt(string sdk, int times)
    {
        await using var sidecar = await SidecarFixture.StartAsync();
        var agent = await sidecar.AgentAsync(cents: 100);
        var held = sidecar.WatchHolds(agent);
        sidecar.Provider.Behaviour = new() { FailWithStatus = 500, FailWithBody = OpenAIServer, BillFailures = true, RetryAfter = TimeSpan.Zero };

        await Assert.ThrowsAnyAsync<Exception>(() => CallAsync(sdk, sidecar, agent));

        Assert.Equal((times, times), (sidecar.Watch.Calls.Count, held.Count));
        var spent = await sidecar.SpentAsync(agent);
        Assert.Equal(held.Sum(), spent);
        Assert.True(spent >= sidecar.Provider.Bill.TotalMicrocents);
    }

    [Theory]
    [InlineData("openai", 503, OpenAIOverload)]
    [InlineData("anthropic", 529, AnthropicOverload)]
    [InlineData("anthropic", 503, AnthropicOverload)]
    public async Task Overload_IsSentAgain_AndEachIsReleased(string sdk, int status, string body)
    {
        await using var sidecar = await SidecarFixture.StartAsync();
        var agent = await sidecar.AgentAsync(cents: 100);
        sidecar.Provider.Behaviour = new() { FailWithStatus = status, FailWithBody = body, RetryAfter = TimeSpan.Zero };

        await Assert.ThrowsAnyAsync<Exception>(() => CallAsync(sdk, sidecar, agent));

        Assert.True(sidecar.Watch.Calls.Count > 1, $"It was sent {sidecar.Watch.Calls.Count} times.");
        Assert.All(sidecar.Watch.Calls, call => Assert.Equal(status, call.Status));
        Assert.Equal(0, await sidecar.SpentAsync(agent));
    }

    private static async Task CallAsync(string sdk, SidecarFixture sidecar, string agent)
    {
        using var http = sidecar.As(agent);
        if (sdk.StartsWith("openai", StringComparison.Ordinal))
        {
            var options = new OpenAIClientOptions { Endpoint = sidecar.OpenAIEndpoint, Transport = new HttpClientPipelineTransport(http) };
            if (sdk != "openai")
            {
                options.RetryPolicy = new ClientRetryPolicy(maxRetries: 0);
            }

            await new ChatClient("gpt-4o", new ApiKeyCredential("unused"), options).CompleteChatAsync([new UserChatMessage("Hi")], new() { MaxOutputTokenCount = 100 });
            return;
        }

        var client = new AnthropicClient { BaseUrl = sidecar.Address, ApiKey = "unused", HttpClient = http };
        await client.Messages.Create(new MessageCreateParams { Model = "claude-sonnet-5", MaxTokens = 100, Messages = [new UserMessageParam("Hi")] });
    }
}
