namespace SpendGuard.Sidecar.Tests.Calls;

/// <summary>
/// Every refusal of every route that an SDK calls: the provider's own envelope beside <c>detail</c>, for SDKs show nothing else; what sending it
/// again would do; and no figure that a client which searches the text takes for a status.
/// </summary>
public sealed class RefusalTableTests
{
    /// <summary>What is refused, with its status and whether sending it again may help; null where that is for the client to know.</summary>
    public static TheoryData<string, int, string?> Refusals { get; } = new()
    {
        { "nobody says whose budget pays", 400, "false" },
        { "the body is no JSON", 400, "false" },
        { "the body is no object", 400, "false" },
        { "the model has no price", 400, "false" },
        { "the header cannot be read", 400, "false" },
        { "the agent is not there", 404, "false" },
        { "the agent has no budget", 404, "false" },
        { "the budget is spent", 402, "false" },
        { "another call is in flight", 409, "true" },
        { "the method is not taken", 405, "false" },
        { "the provider's key is missing", 500, "false" },
        { "the sidecar takes no route of this name", 404, "false" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Refusal_OfEveryRoute_IsInTheProvidersEnvelope(string refused, int status, string? retry)
    {
        await using var sidecar = refused.Contains("key is missing", StringComparison.Ordinal)
            ? await SidecarFixture.StartAsync(
                settings: [("OPENAI_API_KEY", null), ("ANTHROPIC_API_KEY", null), ("GEMINI_API_KEY", null), ("XAI_API_KEY", null)])
            : await SidecarFixture.StartAsync();
        foreach (var route in RefusedRoute.All)
        {
            var model = refused.Contains("no price", StringComparison.Ordinal) ? "model-500" : route.Model;
            var reply = await AskAsync(sidecar, refused, route.PathOf(model), route.BodyOf(model));

            var where = $"{refused} at {route.Path}: {reply.Text}";
            Assert.True(status == reply.Status, where);
            Assert.True(retry == reply.Headers.GetValueOrDefault("x-should-retry"), where);
            route.AssertEnvelope(status, reply.Body, where);
        }

        Assert.Empty(sidecar.Provider.Calls);
    }

    private static async Task<Reply> AskAsync(SidecarFixture sidecar, string refused, string path, string body)
    {
        switch (refused)
        {
            case "nobody says whose budget pays":
                return await sidecar.AskAsync(path, agent: null, body);
            case "the body is no JSON":
                return await sidecar.AskAsync(path, await sidecar.AgentAsync(cents: 100), "{");
            case "the body is no object":
                return await sidecar.AskAsync(path, await sidecar.AgentAsync(cents: 100), "[]");
            case "the header cannot be read":
                return await sidecar.AskAsync(path, await sidecar.AgentAsync(cents: 100), body, ("x-spendguard-wait", "soon"));
            case "the agent is not there":
                return await sidecar.AskAsync(path, "nobody-503", body);
            case "the agent has no budget":
                return await sidecar.AskAsync(path, (await sidecar.Engine.CreateAgentAsync("a name", NewId())).Id.Value, body);
            case "the budget is spent":
                return await sidecar.AskAsync(path, await AgentAsync(sidecar, Money.Zero, int.MaxValue), body);
            case "another call is in flight":
                var agent = await AgentAsync(sidecar, Money.FromDollars(524), 1);
                await using (await HoldAsync(sidecar.Engine, agent))
                {
                    return await sidecar.AskAsync(path, agent, body);
                }

            case "the method is not taken":
                using (var response = await sidecar.Client.DeleteAsync(new Uri(path, UriKind.Relative)))
                {
                    return await Reply.ReadAsync(response);
                }

            case "the sidecar takes no route of this name":
                return await sidecar.AskAsync(path.Split(':')[0] + "/more/than/there/is", "a", body);
            default:
                return await sidecar.AskAsync(path, await sidecar.AgentAsync(cents: 100), body);
        }
    }

    private static async Task<string> AgentAsync(SidecarFixture sidecar, Money limit, int maxInFlight)
    {
        var agent = NewId();
        await sidecar.Engine.SetBudgetAsync(agent, limit, maxInFlight: maxInFlight);
        return agent;
    }

    /// <summary>An id with everything in it that is searched for.</summary>
    private static string NewId() => $"{string.Join('a', RefusedRoute.Searched)}-{Guid.NewGuid()}";

    private static ValueTask<ReservedToolCall> HoldAsync(SpendGuardEngine engine, string agent) =>
        engine.ReserveAsync(new ToolCall { Agent = agent, Tool = "a tool", Price = Money.FromMicrocents(429) });
}
