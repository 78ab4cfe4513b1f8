using System.Globalization;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.BlackBox.Tests.Contract;

/// <summary>What all routes of metered calls have in common.</summary>
public sealed class MeteredRouteTests(Sidecar sidecar) : IClassFixture<Sidecar>
{
    [Theory]
    [ClassData(typeof(EveryRoute))]
    public async Task Call_ArrivesWithTheProvidersKey_AndIsPaidAsBilled(string path)
    {
        var route = EveryRoute.Find(path);
        var agent = await sidecar.AgentAsync(cents: 100);
        var answer = await sidecar.CallAsync(route, agent);
        Assert.True(answer.Status == 200, answer.ToString());

        var sent = sidecar.Sent(agent);
        Assert.Equal((route.Upstream, route.Key), (sent.Path, sent.Headers[route.KeyHeader]));
        Assert.DoesNotContain(sent.Headers.Keys, name => name.StartsWith("x-cynsta", StringComparison.OrdinalIgnoreCase));
        Assert.True(sidecar.BillOf(agent) > 0);
        var budget = await sidecar.AssertPaidAsBilledAsync(agent);
        Assert.NotEmpty(answer.Header("x-spendguard-reservation")!);
        if (route != Route.GeminiStream)
        {
            Assert.Equal(Text(sidecar.BillOf(agent)), answer.Header("x-spendguard-charged-microcents"));
            Assert.Equal(Text(budget.Number("remaining_cents")), answer.Header("x-spendguard-remaining-cents"));
        }

        Assert.Null(answer.Header("x-spendguard-output-cap"));
    }

    [Theory]
    [ClassData(typeof(EveryRoute))]
    public async Task CallersKeys_AreNotForwarded(string path)
    {
        var route = EveryRoute.Find(path);
        var agent = await sidecar.AgentAsync(cents: 100);
        var request = Sidecar.CallRequest(route, agent);
        foreach (var name in (string[])["Authorization", "x-api-key", "x-goog-api-key", "api-key", "Cookie"])
        {
            request.Headers.TryAddWithoutValidation(name, "of-the-caller");
        }

        Assert.Equal(200, (await sidecar.SendAsync(request)).Status);
        Assert.DoesNotContain(sidecar.Sent(agent).Headers.Values, value => value.Contains("of-the-caller", StringComparison.Ordinal));
    }

    [Theory]
    [ClassData(typeof(EveryRoute))]
    public async Task NoAgentHeader_IsRefusedInTheProvidersEnvelope(string path)
    {
        var route = EveryRoute.Find(path);
        if (route.NamesAgent)
        {
            return;
        }

        var calls = sidecar.Provider.Calls.Count;
        var answer = (await sidecar.PostAsync(route.Path, route.Body)).Refuses(400, "Missing x-cynsta-agent-id header");
        AssertEnvelope(route, answer);
        Assert.Equal(calls, sidecar.Provider.Calls.Count);
    }

    [Fact]
    public async Task NewNamesOfTheHeaders_AreTakenToo()
    {
        var agent = await sidecar.AgentAsync(cents: 100);
        var gate = sidecar.HoldBack(agent);
        var call = sidecar.PostAsync(
            Route.OpenAIChat.Path, Route.OpenAIChat.Body,
            ("x-spendguard-agent-id", agent), ("x-spendguard-run-id", "run-9"), Sidecar.CallerHeader(agent));
        await sidecar.UntilArrivedAsync(agent);
        Assert.Equal("run-9", (await sidecar.BudgetAsync(agent)).String("locked_run_id"));
        gate.SetResult();
        Assert.Equal(200, (await call).Status);
    }

    [Fact]
    public async Task RunHeader_IsOptional()
    {
        var agent = await sidecar.AgentAsync(cents: 100);
        Assert.Equal(200, (await sidecar.PostAsync(Route.OpenAIChat.Path, Route.OpenAIChat.Body, ("x-cynsta-agent-id", agent))).Status);
    }

    [Theory]
    [ClassData(typeof(EveryRoute))]
    public async Task UnknownModel_IsRefused(string path)
    {
        var route = EveryRoute.Find(path);
        var agent = await sidecar.AgentAsync(cents: 100);
        var answer = await sidecar.CallAsync(route.Of("no-such-model"), agent);
        answer.Refuses(400, $"Unknown model for pricing: {route.Provider}:no-such-model");
        AssertEnvelope(route, answer);
        await sidecar.AssertUntouchedAsync(agent);
    }

    [Theory]
    [ClassData(typeof(EveryRoute))]
    public async Task NoAgentOrBudget_IsNotFound(string path)
    {
        var route = EveryRoute.Find(path);
        foreach (var agent in (string[])[await sidecar.AgentAsync(), Guid.NewGuid().ToString()])
        {
            var answer = await sidecar.CallAsync(route, agent);
            Assert.Equal(404, answer.Status);
            Assert.Contains(answer.Detail, (string[])["Agent not found", "Budget not found"]);
            AssertEnvelope(route, answer, isCoded: true);
            Assert.Empty(sidecar.CallsOf(agent));
        }
    }

    [Theory]
    [ClassData(typeof(EveryRoute))]
    public async Task InsufficientBudget_IsRefused_AndNothingIsSent(string path)
    {
        var route = EveryRoute.Find(path);
        var agent = await sidecar.AgentAsync(cents: 1);

        // A cent pays for none of these, at any price in the book.
        var answer = await sidecar.CallAsync(
            route, agent, route.Body.Replace("How are you?", string.Concat(Enumerable.Repeat("How are you? 🚀 ", 20_000)), StringComparison.Ordinal));
        if (route == Route.OpenAIEmbeddings)
        {
            // The provider takes 8,192 tokens at most, which cost less than a cent.
            Assert.Equal(200, answer.Status);
            return;
        }

        Assert.Equal(402, answer.Status);
        Assert.StartsWith("Insufficient budget", answer.Detail, StringComparison.Ordinal);
        Assert.Equal("false", answer.Header("x-should-retry"));
        AssertEnvelope(route, answer);
        await sidecar.AssertUntouchedAsync(agent);
    }

    [Theory]
    [ClassData(typeof(EveryRoute))]
    public async Task LockedBudget_IsRefused_AndNothingIsSent(string path)
    {
        var route = EveryRoute.Find(path);
        var agent = await sidecar.AgentAsync(cents: 100);
        var gate = sidecar.HoldBack(agent);
        var call = sidecar.CallAsync(route, agent);
        await sidecar.UntilArrivedAsync(agent);
        var answer = (await sidecar.CallAsync(route, agent)).Refuses(409, "Agent budget is locked by an in-flight run");
        Assert.True(int.Parse(answer.Header("Retry-After")!, CultureInfo.InvariantCulture) >= 1);
        AssertEnvelope(route, answer);
        gate.SetResult();
        Assert.Equal(200, (await call).Status);
        Assert.Single(sidecar.CallsOf(agent));
    }

    [Theory]
    [ClassData(typeof(EveryRoute))]
    public async Task ProvidersError_PassesThroughToSdks_AndIsA502OnTheRunRoutes(string path)
    {
        var route = EveryRoute.Find(path);
        const string Message = "The simulated provider was told to answer 429.";
        var agent = await sidecar.AgentAsync(cents: 100);
        sidecar.Treat(agent, new Behaviour { FailWithStatus = 429, RetryAfter = TimeSpan.FromSeconds(7) });
        var answer = await sidecar.CallAsync(route, agent);
        Assert.Equal(Message, answer.Json["error"]!["message"]!.GetValue<string>());
        if (route.NamesAgent)
        {
            answer.Refuses(502, Message);
        }
        else
        {
            Assert.Equal((429, "7"), (answer.Status, answer.Header("Retry-After")));
            Assert.False(answer.Json.ContainsKey("detail"));
            Assert.StartsWith("req_", answer.Header("x-request-id"), StringComparison.Ordinal);
        }

        // Such an error is not billed.
        Assert.Equal(0, sidecar.BillOf(agent));
        await sidecar.AssertPaidAsBilledAsync(agent);
    }

    [Theory]
    [ClassData(typeof(EveryRoute))]
    public async Task ProviderFails_WhatItMayHaveBilledIsSpent(string path)
    {
        var route = EveryRoute.Find(path);
        var agent = await sidecar.AgentAsync(cents: 100);
        sidecar.Treat(agent, new Behaviour { FailWithStatus = 500, BillFailures = true });
        var answer = await sidecar.CallAsync(route, agent);
        Assert.Equal(route.NamesAgent ? 502 : 500, answer.Status);
        await AssertForfeitedAsync(agent);
    }

    [Theory]
    [ClassData(typeof(EveryRoute))]
    public async Task ProviderCutsTheConnection_IsA502Everywhere_AndTheHoldIsSpent(string path)
    {
        var route = EveryRoute.Find(path);
        var agent = await sidecar.AgentAsync(cents: 100);
        sidecar.Treat(agent, new Behaviour { CutBeforeHeaders = true });
        var answer = (await sidecar.CallAsync(route, agent)).Refuses(502, $"No answer came from {route.Provider}.");
        AssertEnvelope(route, answer);
        await AssertForfeitedAsync(agent);
    }

    [Theory]
    [ClassData(typeof(EveryRoute))]
    public async Task AnswerWithoutUsage_TheHoldIsSpent(string path)
    {
        var route = EveryRoute.Find(path);
        var agent = await sidecar.AgentAsync(cents: 100);
        sidecar.Treat(agent, new Behaviour { OmitUsage = true });
        Assert.Equal(200, (await sidecar.CallAsync(route, agent)).Status);
        await AssertForfeitedAsync(agent);
    }

    [Theory]
    [ClassData(typeof(EveryRoute))]
    public async Task MoreAskedForThanTheBudgetPays_TheCapIsLowered_AndTheAnswerSaysSo(string path)
    {
        var route = EveryRoute.Find(path);
        if (route == Route.OpenAIEmbeddings)
        {
            return;
        }

        var agent = await sidecar.AgentAsync(cents: 1);
        sidecar.Treat(agent, new Behaviour { GenerateToTheCap = true });
        var answer = await sidecar.CallAsync(route, agent, route.Body.Replace(":100}", ":60000}", StringComparison.Ordinal));
        Assert.True(answer.Status == 200, answer.ToString());
        var cap = Assert.Single(sidecar.CallsOf(agent)).MaxOutputTokens;
        Assert.InRange(cap!.Value, 1, 59_999);

        // OpenAI's own maximum is no lowering by the budget, but it is one of what was asked for.
        Assert.Equal(Text(cap.Value), answer.Header("x-spendguard-output-cap"));
        await sidecar.AssertPaidAsBilledAsync(agent);
        Assert.True(sidecar.BillOf(agent) <= 1_000_000);
    }

    [Theory]
    [ClassData(typeof(EveryRoute))]
    public async Task UnknownField_IsRefused(string path)
    {
        var route = EveryRoute.Find(path);
        var agent = await sidecar.AgentAsync(cents: 100);
        var answer = await sidecar.CallAsync(route, agent, route.BodyWith("\"no_such_field\":1"));
        Assert.Equal(400, answer.Status);
        Assert.Contains("no_such_field", answer.Detail, StringComparison.Ordinal);
        AssertEnvelope(route, answer);
        await sidecar.AssertUntouchedAsync(agent);
    }

    [Fact]
    public async Task FeaturesWithoutACostBound_AreRefused()
    {
        var agent = await sidecar.AgentAsync(cents: 100);
        (Route Route, string Fields)[] calls =
        [
            (Route.OpenAIChat, "\"web_search_options\":{\"search_context_size\":\"low\"}"),
            (Route.OpenAIChatRun, "\"modalities\":[\"text\",\"audio\"]"),
            (Route.OpenAIResponses, "\"tools\":[{\"type\":\"code_interpreter\",\"container\":{\"type\":\"auto\"}}]"),
            (Route.OpenAIResponses, "\"background\":true"),
            (Route.OpenAIResponses, "\"prompt\":{\"id\":\"pmpt_1\"}"),
            (Route.GrokChat, "\"search_parameters\":{\"mode\":\"on\"}"),

            // What it reasons is billed outside of any cap, and has no published maximum.
            (Route.GrokChatRun.Of("grok-4.7"), "\"user\":\"u\""),
            (Route.AnthropicMessages, "\"tools\":[{\"type\":\"web_fetch_20250910\",\"name\":\"web_fetch\"}]"),
            (Route.AnthropicMessagesRun, "\"speed\":\"fast\""),
            (Route.GeminiContent, "\"tools\":[{\"googleSearch\":{}}]"),
            (Route.GeminiContent, "\"cachedContent\":\"cachedContents/1\""),
        ];
        foreach (var (route, fields) in calls)
        {
            var answer = await sidecar.CallAsync(route, agent, route.BodyWith(fields));
            Assert.True(answer.Status == 400, $"{route} {fields}: {answer}");
            Assert.NotEmpty(answer.Detail);
            AssertEnvelope(route, answer);
        }

        await sidecar.AssertUntouchedAsync(agent);
    }

    /// <summary>Beside the sentence stands the provider's own kind of error, with details where the refusal has a name of ours.</summary>
    internal static void AssertEnvelope(Route route, Answer answer, bool isCoded = false)
    {
        Assert.StartsWith("application/json", answer.Header("Content-Type"), StringComparison.Ordinal);
        Assert.NotEmpty(answer.Detail);
        var error = answer.Json["error"];
        Assert.NotEmpty(error!["message"]!.GetValue<string>());
        switch (route.Provider)
        {
            case "anthropic":
                answer.Json.HasFields("type", "error", "detail");
                Assert.Equal("error", answer.String("type"));
                error.HasFields(["type", "message", .. isCoded ? (string[])["details"] : []]);
                break;
            case "gemini":
                answer.Json.HasFields("error", "detail");
                error.HasFields(["code", "message", "status", .. isCoded ? (string[])["details"] : []]);
                Assert.Equal(answer.Status, error["code"]!.GetValue<int>());
                break;
            default:
                answer.Json.HasFields("error", "detail");
                error.HasFields("message", "type", "param", "code");
                break;
        }
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Asserts that a hold was spent that pays for whatever was billed.</summary>
    private async Task AssertForfeitedAsync(string agent)
    {
        var budget = await sidecar.IdleBudgetAsync(agent);
        Assert.Equal(0, budget.Number("held_microcents"));
        Assert.InRange(budget.Number("spent_microcents"), Math.Max(1, sidecar.BillOf(agent)), 100_000_000);
    }
}
