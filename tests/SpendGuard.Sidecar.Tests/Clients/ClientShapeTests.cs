using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.Tests.Clients;

/// <summary>
/// What Claude Code, Codex and Gemini CLI send by default is taken as it comes, strict as to what is not known: it goes on but for what the
/// sidecar pins, and costs no more than is held.
/// </summary>
public sealed class ClientShapeTests
{
    /// <summary>When all changes of prices that are announced have come, so that the provider's list is right whenever the tests run.</summary>
    private static readonly FakeTimeProvider Later = new(new DateTimeOffset(2027, 6, 1, 0, 0, 0, TimeSpan.Zero));

    /// <summary>The provider's own prices of the models that they call.</summary>
    private static readonly ProviderPrice[] Prices =
    [
        new("claude-opus-5-5", 400, 2000) { CachedInput = 20, CacheWrite = 500, CacheWriteOneHour = 800, MaxOutputTokens = 128_000 },
        new("gpt-6.2-sol", 200, 1000)
        {
            CachedInput = 10,
            CacheWrite = 250,
            MaxOutputTokens = 128_000,
            LongContextFrom = 272_001,
            LongContext = new("gpt-6.2-sol", 400, 1500) { CachedInput = 20, CacheWrite = 500 },
        },
    ];

    private const string ToolsInInput = "x-openai-internal-codex-responses-lite";

    /// <summary>What of the headers the provider goes by when it reads the request; the others of the shapes are names.</summary>
    private static readonly string[] Spoken = ["anthropic-beta", "anthropic-version", ToolsInInput];

    /// <summary>The programs, and what of their requests the sidecar sets.</summary>
    public static TheoryData<string, string[]> Programs => new()
    {
        { "claude-code", ["max_tokens", "service_tier", "inference_geo"] },
        { "codex", ["max_output_tokens", "service_tier"] },
        { "gemini-cli", ["generationConfig/maxOutputTokens", "serviceTier"] },
    };

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task DefaultRequest_GoesOnAsItIsButForThePins(string program, string[] pins)
    {
        await using var sidecar = await SidecarFixture.StartAsync(Later, Prices);
        var shape = ClientShape.Of(program);
        SimulatedRequest? sent = null;
        sidecar.Provider.ForRequest = request =>
        {
            sent = request;
            return Behaviour.Honest;
        };
        await AskAsync(sidecar, shape);

        Assert.True(JsonNode.DeepEquals(Without(shape.Body, pins), Without(sent!.Body, pins)));
        Assert.NotNull(At(sent.Body, pins[0]));
        Assert.All(
            shape.Headers.Where(header => Spoken.Contains(header.Name, StringComparer.OrdinalIgnoreCase)),
            header => Assert.Equal(header.Value, sent.Headers.GetValueOrDefault(header.Name)));
    }

    /// <summary>Codex says by a header that its tools are among the input. With another value they are refused there, and cost nothing.</summary>
    [Theory]
    [InlineData("false")]
    [InlineData("1")]
    [InlineData("true, other")]
    public async Task ToolsAmongTheInput_WithAnotherValueOfTheirHeader_AreTheProvidersToRefuse(string value)
    {
        await using var sidecar = await SidecarFixture.StartAsync(Later, Prices);
        var shape = ClientShape.Of("codex");
        var agent = await sidecar.AgentAsync(cents: 1_000_000);
        var reply = await sidecar.AskAsync(
            shape.Path, agent, shape.Body.ToJsonString(), [.. shape.Headers.Where(header => header.Name != ToolsInInput), (ToolsInInput, value)]);

        Assert.Equal(400, reply.Status);
        Assert.Equal("Invalid value: 'additional_tools'.", (string)reply.Body["error"]!["message"]!);
        Assert.Equal(0, await sidecar.AssertPaidAsBilledAsync(agent));
    }

    /// <summary>A count of such a request needs the header too, or a budget that carries the call would refuse it.</summary>
    [Fact]
    public async Task ToolsAmongTheInput_AreCountedByTheProvider()
    {
        await using var sidecar = await SidecarFixture.StartAsync(Later, Prices);
        var shape = ClientShape.Of("codex");
        shape.Body["max_output_tokens"] = 1_024;
        await sidecar.AskAsync(shape.Path, await sidecar.AgentAsync(cents: 8), shape.Body.ToJsonString(), shape.Headers);

        var counted = sidecar.Provider.Calls[0];
        Assert.Equal((true, 200), (counted.Counts, counted.Status));
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task DefaultRequest_OfTheDearestProvider_CostsNoMoreThanIsHeld(string program, string[] pins)
    {
        _ = pins;
        await using var sidecar = await SidecarFixture.StartAsync(Later, Prices);
        sidecar.Provider.Behaviour = new Behaviour { UseTheMost = true };
        await AskAsync(sidecar, ClientShape.Of(program));
    }

    /// <summary>Makes the call, and compares what the provider bills with what was held and with what the budget lost.</summary>
    private static async Task AskAsync(SidecarFixture sidecar, ClientShape shape)
    {
        var agent = await sidecar.AgentAsync(cents: 1_000_000);
        var holds = sidecar.WatchHolds(agent);
        using var response = await sidecar.PostAsync(shape.Path, agent, shape.Body.ToJsonString(), headers: shape.Headers);
        var answer = await response.Content.ReadAsStringAsync();

        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{response.StatusCode}: {answer}");
        Assert.InRange(await sidecar.AssertPaidAsBilledAsync(agent), 1, Assert.Single(holds));
    }

    private static JsonObject Without(JsonObject body, string[] paths)
    {
        var copy = body.DeepClone().AsObject();
        foreach (var path in paths)
        {
            ((JsonObject?)At(copy, path[..Math.Max(0, path.LastIndexOf('/'))]))?.Remove(path.Split('/')[^1]);
        }

        return copy;
    }

    private static JsonNode? At(JsonNode body, string path) =>
        path.Split('/', StringSplitOptions.RemoveEmptyEntries).Aggregate((JsonNode?)body, (node, name) => node?[name]);
}
