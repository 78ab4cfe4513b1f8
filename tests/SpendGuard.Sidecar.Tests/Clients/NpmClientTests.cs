using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.Tests.Clients;

/// <summary>The providers' own npm packages, pointed at the sidecar by nothing but the base address and a header.</summary>
[Trait(Traits.Category, Traits.Slow)]
[Trait(Traits.Needs, Traits.Node)]
[Trait(Traits.Category, Traits.Slow)]
[Trait(Traits.Needs, Traits.Node)]
public sealed class NpmClientTests
{
    private const string OpenAI = "openai";
    private const string Anthropic = "anthropic";
    private const string Google = "google";

    /// <summary>Each call with how many calls of the provider it makes; those to count tokens are free.</summary>
    public static TheoryData<string, string[]> Calls { get; } = new()
    {
        {
            OpenAI,
            [
                "chat", "chatStream", "chatStreamWithoutUsage", "chatStreamHelper", "chatTools:2", "chatToolsStream:2",
                "responses", "responsesStream", "responsesTools:2", "embeddings", "inputTokens",
            ]
        },
        { Anthropic, ["messages", "stream", "streamHelper", "tools:2", "toolRunner:2", "cacheControl", "cacheControlHour", "countTokens"] },
        { Google, ["generate", "stream", "tools:2", "chat:2", "countTokens", "embed"] },
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Client_EveryCall_WorksAndCostsTheBudgetWhatTheProviderBilled(string script, string[] calls)
    {
        await using var sidecar = await StartAsync(Behaviour.CallTool("weather", """{"city":"Bern"}"""));
        var agent = await sidecar.AgentAsync(cents: 100);

        var seen = await NpmClient.RunAsync(script, sidecar, agent, [.. calls.Select(call => call.Split(':')[0])]);

        var billed = new Queue<ProviderCall>(sidecar.Provider.Calls);
        foreach (var (call, expected) in seen.Zip(calls))
        {
            Assert.True(call.Error is null, $"{script} {call.Call}: {call.Error} {call.Message}");
            var made = Enumerable.Range(0, expected.EndsWith(":2", StringComparison.Ordinal) ? 2 : 1).Select(_ => billed.Dequeue()).ToList();
            AssertSeen(call, made);
            Assert.Equal((call.Call, made.Sum(one => one.ChargeMicrocents)), (call.Call, call.Spent));
            Assert.Equal(call.Call is "countTokens" or "inputTokens", call.Spent == 0);
        }

        Assert.Empty(billed);
        Assert.Empty(sidecar.Provider.Failures);
        Assert.Equal(sidecar.Provider.Bill.TotalMicrocents, await SpentAsync(sidecar, agent));
        Assert.DoesNotContain(sidecar.Watch.Calls, request => request.RetryCount is not ("" or "0"));
    }

    /// <summary>Whichever client asks, it gets all pages of its own vendor's models in its own form, and no provider is asked.</summary>
    [Theory]
    [InlineData(OpenAI, "gpt-4o", "NotFoundError")]
    [InlineData(Anthropic, "claude-sonnet-5", "NotFoundError")]
    [InlineData(Google, "gemini-2.5-flash", "ApiError")]
    public async Task Models_AreThoseOfTheClientsVendorThatCanBeCalled(string script, string model, string error)
    {
        await using var sidecar = await StartAsync();
        var agent = await sidecar.AgentAsync(cents: 1);

        var seen = await NpmClient.RunAsync(script, sidecar, agent, ["models", "unknownModel"]);

        Assert.True(seen[0].Error is null, $"{seen[0].Error} {seen[0].Message}");
        Assert.Equal(model, seen[0].Text);
        Assert.Contains(model, seen[0].Models!);
        Assert.True(seen[0].Models!.Count > 20 && seen[0].Models!.Distinct().Count() == seen[0].Models!.Count);
        var family = model.Split('-')[0];
        Assert.Contains(seen[0].Models!, name => name.StartsWith(family, StringComparison.Ordinal));
        Assert.Equal((error, 404), (seen[1].Error, seen[1].Status));
        Assert.Contains(model, seen[1].Message, StringComparison.Ordinal);
        Assert.Empty(sidecar.Provider.Calls);
    }

    /// <summary>OpenAI's package at the address under which Gemini speaks its formats.</summary>
    [Fact]
    public async Task OpenAIsClient_AtGeminisAddress_CostsTheBudgetWhatTheProviderBilled()
    {
        await using var sidecar = await StartAsync(Behaviour.CallTool("weather", """{"city":"Bern"}"""));
        var agent = await sidecar.AgentAsync(cents: 100);

        var seen = await NpmClient.RunAsync(
            OpenAI,
            sidecar,
            agent,
            ["chat", "chatStream", "chatStreamWithoutUsage", "chatTools", "chatToolsStream", "embeddings", "models"],
            maxRetries: null,
            ("BASE_PATH", "/v1beta/openai"),
            ("MODEL", "gemini-2.5-flash"),
            ("EMBEDDING_MODEL", "gemini-embedding-001"));

        Assert.All(seen, call => Assert.True(call.Error is null, $"{call.Call}: {call.Error} {call.Message}"));
        Assert.All(seen.Take(5), call => Assert.Equal((call.Call, "Done."), (call.Call, call.Text)));
        Assert.All(seen, call => Assert.Equal(call.Call == "models", call.Spent == 0));
        Assert.Equal(8, sidecar.Provider.Calls.Count);
        Assert.All(sidecar.Provider.Calls, call => Assert.StartsWith("gemini", call.Model, StringComparison.Ordinal));
        Assert.Equal(sidecar.Provider.Bill.TotalMicrocents, await SpentAsync(sidecar, agent));
    }

    /// <summary>By default this runner lets Anthropic keep the conversation, which is input that cannot be seen; told so, it sends all of it.</summary>
    [Fact]
    public async Task AnthropicToolRunner_ToldThatThreadsAreUnsupported_GoesOnWithoutThem()
    {
        await using var sidecar = await StartAsync(Behaviour.CallTool("weather", """{"city":"Bern"}"""));
        var agent = await sidecar.AgentAsync(cents: 100);

        var seen = Assert.Single(await NpmClient.RunAsync(Anthropic, sidecar, agent, ["toolRunner"]));

        Assert.Equal((null, "Done."), (seen.Error, seen.Text));
        Assert.Equal([400, 200, 200], sidecar.Watch.Calls.Select(request => request.Status));
        Assert.Equal(2, sidecar.Provider.Calls.Count);
        Assert.Equal(sidecar.Provider.Bill.TotalMicrocents, await SpentAsync(sidecar, agent));
    }

    [Theory]
    [InlineData(OpenAI, "tooLarge", "APIError", "insufficient_quota", "insufficient_budget")]
    [InlineData(OpenAI, "tooLargeStream", "APIError", "insufficient_quota", "insufficient_budget")]
    [InlineData(OpenAI, "tooLargeResponses", "APIError", "insufficient_quota", "insufficient_budget")]
    [InlineData(Anthropic, "tooLarge", "PaymentRequiredError", "billing_error", null)]
    [InlineData(Anthropic, "tooLargeStream", "PaymentRequiredError", "billing_error", null)]
    [InlineData(Google, "tooLarge", "ApiError", null, null)]
    [InlineData(Google, "tooLargeStream", "ApiError", null, null)]
    public async Task Client_WithoutBudget_ThrowsItsErrorAndDoesNotRetry(
        string script, string call, string error, string? type, string? code)
    {
        await using var sidecar = await StartAsync();
        var agent = await sidecar.AgentAsync(cents: 1);

        var seen = Assert.Single(await NpmClient.RunAsync(script, sidecar, agent, [call]));

        Assert.Equal((error, 402), (seen.Error, seen.Status));
        Assert.Equal((type, code), (seen.Type, seen.Code));
        Assert.Contains("Insufficient budget", seen.Message, StringComparison.Ordinal);
        Assert.Equal(402, Assert.Single(sidecar.Watch.Calls).Status);

        // A count may have been asked for, which is free.
        Assert.All(sidecar.Provider.Calls, asked => Assert.True(asked.Counts && !asked.Billed));
        Assert.Equal(0, await SpentAsync(sidecar, agent));
    }

    /// <summary>As a user has it who has set nothing.</summary>
    /// <param name="script">The script.</param>
    /// <param name="call">The call.</param>
    /// <param name="status">The provider's status.</param>
    /// <param name="overload">Whether the provider turns the call away because it is overloaded, and bills nothing.</param>
    [Theory]
    [InlineData(OpenAI, "chat", 500, false)]
    [InlineData(OpenAI, "chat", 503, true)]
    [InlineData(Anthropic, "messages", 500, false)]
    [InlineData(Anthropic, "messages", 529, true)]
    public async Task Client_SendsAnOverloadAgain_AndNoErrorThatWasCharged(string script, string call, int status, bool overload)
    {
        await using var sidecar = await StartAsync(new Behaviour
        {
            FailWithStatus = status,
            FailWithBody = (script, overload) switch
            {
                (_, false) => """{"error":{"type":"api_error","message":"It broke."}}""",
                (OpenAI, _) => """{"error":{"type":"service_unavailable_error","code":"server_is_overloaded","message":"Try again later."}}""",
                _ => """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""",
            },
            RetryAfter = TimeSpan.Zero,
            BillFailures = !overload,
        });
        var agent = await sidecar.AgentAsync(cents: 1_000);

        var seen = Assert.Single(await NpmClient.RunAsync(script, sidecar, agent, [call]));

        Assert.Equal((status, !overload), (seen.Status, seen.Spent > 0));
        Assert.True(overload == sidecar.Watch.Calls.Count > 1, $"It was sent {sidecar.Watch.Calls.Count} times.");
        Assert.True(seen.Spent >= sidecar.Provider.Bill.TotalMicrocents);
    }

    [Theory]
    [InlineData(Google, "tooLarge")]
    [InlineData(Google, "tooLargeStream")]
    public async Task Client_WithoutBudgetAndToldToRetry_DoesNotRetry(string script, string call)
    {
        await using var sidecar = await StartAsync();
        var agent = await sidecar.AgentAsync(cents: 1);

        var seen = Assert.Single(await NpmClient.RunAsync(script, sidecar, agent, [call], maxRetries: 3));

        Assert.Equal(402, seen.Status);
        Assert.Equal(402, Assert.Single(sidecar.Watch.Calls).Status);
    }

    [Theory]
    [InlineData(OpenAI, "chat", "ConflictError", "budget_locked", 0)]
    [InlineData(OpenAI, "responses", "ConflictError", "budget_locked", 0)]
    [InlineData(Anthropic, "messages", "ConflictError", null, 0)]
    [InlineData(Google, "generate", "ApiError", null, null)]
    public async Task Client_WhileAnotherCallIsInFlight_ThrowsItsConflict(
        string script, string call, string error, string? code, int? maxRetries)
    {
        await using var sidecar = await StartAsync();
        var agent = await sidecar.AgentAsync(cents: 100);
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var other = await OccupyAsync(sidecar, agent, end.Task);

        var seen = Assert.Single(await NpmClient.RunAsync(script, sidecar, agent, [call], maxRetries));

        Assert.Equal((error, 409, code), (seen.Error, seen.Status, seen.Code));
        Assert.Equal(409, Assert.Single(sidecar.Watch.Calls).Status);
        Assert.Single(sidecar.Provider.Calls);
        end.SetResult();
        await other;
        Assert.Equal(sidecar.Provider.Bill.TotalMicrocents, await SpentAsync(sidecar, agent));
    }

    /// <summary>As subagents make them, and as a bootstrapped agent's budget is: each call asks for more output than its share pays for.</summary>
    [Theory]
    [InlineData(OpenAI, "parallel", 16)]
    [InlineData(OpenAI, "parallelResponses", 16)]
    [InlineData(Anthropic, "parallel", 16)]
    [InlineData(Google, "parallel", 16)]
    [InlineData(OpenAI, "parallel", 2)]
    [InlineData(Anthropic, "parallel", 2)]
    [InlineData(Google, "parallel", 2)]
    public async Task Client_WithCallsInParallel_IsServedAllOfThem(string script, string call, int maxInFlight)
    {
        await using var sidecar = await StartAsync();
        var agent = await sidecar.AgentAsync($$"""{"hard_limit_cents":20,"max_in_flight":{{maxInFlight}},"max_call_share_percent":25}""");

        var seen = Assert.Single(await NpmClient.RunAsync(script, sidecar, agent, [call], maxRetries: 0));

        Assert.True(seen.Error is null, $"{seen.Error} {seen.Message}");
        Assert.Equal("5 answers", seen.Text);
        Assert.All(sidecar.Watch.Calls, request => Assert.Equal(200, request.Status));
        Assert.Equal(sidecar.Provider.Bill.TotalMicrocents, await SpentAsync(sidecar, agent));
    }

    [Theory]
    [InlineData(OpenAI)]
    [InlineData(Anthropic)]
    public async Task Client_WithABatch_WaitsForItAndReadsItsResults(string script)
    {
        await using var sidecar = await StartAsync();
        var agent = await sidecar.AgentAsync(cents: 100);

        var running = NpmClient.RunAsync(script, sidecar, agent, ["batch"], maxRetries: 0);
        await Eventually.HoldsAsync(() => running.IsCompleted, () =>
        {
            sidecar.Provider.Batches.EndAll();
            sidecar.Provider.OpenAIBatches.EndAll();
        });
        var seen = Assert.Single(await running);

        Assert.True(seen.Error is null, $"{seen.Error} {seen.Message}");
        Assert.Equal("2 answers", seen.Text);
        Assert.True(sidecar.Provider.Bill.TotalMicrocents > 0);
        Assert.Equal(sidecar.Provider.Bill.TotalMicrocents, await SpentAsync(sidecar, agent));
    }

    [Theory]
    [InlineData(OpenAI, "chat")]
    [InlineData(Anthropic, "messages")]
    public async Task Client_WhileAnotherCallIsInFlight_RetriesAndGetsItsTurn(string script, string call)
    {
        await using var sidecar = await StartAsync();
        var agent = await sidecar.AgentAsync(cents: 100);
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var other = await OccupyAsync(sidecar, agent, end.Task);
        sidecar.Watch.OnAnswered = request =>
        {
            if (request.Status == 409)
            {
                end.TrySetResult();
            }
        };

        var seen = Assert.Single(await NpmClient.RunAsync(script, sidecar, agent, [call]));

        await other;
        Assert.True(seen.Error is null, $"{seen.Error} {seen.Message}");
        var retries = sidecar.Watch.Calls.Where(request => request.RetryCount.Length > 0).ToList();
        Assert.Equal((409, "0"), (retries[0].Status, retries[0].RetryCount));
        Assert.Equal(200, retries[^1].Status);
        Assert.Equal(2, sidecar.Provider.Calls.Count);
        Assert.Equal(sidecar.Provider.Bill.TotalMicrocents, await SpentAsync(sidecar, agent));
    }

    private static async Task<SidecarFixture> StartAsync(Behaviour? behaviour = null)
    {
        var sidecar = await SidecarFixture.StartAsync();
        sidecar.Provider.Behaviour = behaviour ?? Behaviour.Honest;
        return sidecar;
    }

    /// <summary>What the agent has spent, in microcents; nothing may be held any more.</summary>
    private static async Task<long> SpentAsync(SidecarFixture sidecar, string agent)
    {
        var budget = (await sidecar.BudgetAsync(agent))!;
        Assert.Equal(0, budget.Held);
        return budget.Spent;
    }

    /// <summary>Makes a call of the agent that stays at the provider until <paramref name="end"/> does, and awaits its arrival there.</summary>
    /// <returns>The call.</returns>
    private static async Task<Task> OccupyAsync(SidecarFixture sidecar, string agent, Task end)
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        sidecar.Provider.OnArrival = _ =>
        {
            arrived.TrySetResult();
            return end;
        };
        var call = CallAsync(sidecar, agent);
        await await Task.WhenAny(arrived.Task, call);
        return call;
    }

    private static async Task CallAsync(SidecarFixture sidecar, string agent)
    {
        const string Call = """{"model":"gpt-4o","max_tokens":20,"messages":[{"role":"user","content":"Take your time."}]}""";
        var reply = await sidecar.AskAsync("/v1/chat/completions", agent: null, Call, ("x-spendguard-agent-id", agent));
        Assert.Equal(200, reply.Status);
    }

    /// <summary>The client has what the provider counted.</summary>
    private static void AssertSeen(ClientCall call, List<ProviderCall> made)
    {
        if (call.Call is not ("embeddings" or "embed" or "countTokens" or "inputTokens"))
        {
            Assert.Equal((call.Call, "Done."), (call.Call, call.Text));
        }

        if (call.Call.Contains("tool", StringComparison.OrdinalIgnoreCase))
        {
            Assert.Equal("Bern", Assert.Single(call.ToolCalls!).GetProperty("city").GetString());
        }

        if (call.Call.StartsWith("cacheControl", StringComparison.Ordinal))
        {
            Assert.InRange(call.CacheWrite!.Value, 300, made[0].InputTokens);
        }

        // A client that did not ask for usage gets none: neither figures nor the chunk without choices that carries them.
        if (call.Call is "chatStream" or "chatStreamWithoutUsage")
        {
            Assert.Equal((call.Call, call.Call == "chatStream" ? 1 : 0), (call.Call, call.Choiceless!.Value));
            Assert.Equal(call.Call == "chatStream", call.Usage is not null);
        }

        if (call.Usage is { } usage)
        {
            // The runner of OpenAI's package adds the calls of a loop up; the others tell of the last one.
            var counted = call.Call == "chatTools" ? made : [made[^1]];
            Assert.Equal((call.Call, counted.Sum(one => one.OutputTokens)), (call.Call, usage.Output!.Value));
            Assert.Equal((call.Call, counted.Sum(one => one.InputTokens)), (call.Call, usage.Input ?? counted.Sum(one => one.InputTokens)));
        }
    }
}
