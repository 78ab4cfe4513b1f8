using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.BlackBox.Tests.Contract;

/// <summary>A sidecar with other settings: keys missing, a provider that is not there, lower caps.</summary>
public sealed class SetUpSidecar : Sidecar
{
    protected override IReadOnlyDictionary<string, string> Changes { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["OPENAI_API_KEY"] = "  key-with-blanks  ",
        ["XAI_API_KEY"] = "",
        ["GROK_API_KEY"] = "key-under-the-other-name",
        ["ANTHROPIC_VERSION"] = "2024-01-01",
        ["GEMINI_API_KEY"] = "",
        ["XAI_BASE_URL"] = "http://127.0.0.1:1/v1/",
        ["CAP_OPENAI_MAX_COMPLETION_TOKENS"] = "50",
        ["CAP_OPENAI_MAX_OUTPUT_TOKENS"] = "60",
        ["CAP_DEFAULT_MAX_TOKENS"] = "30",
        ["CAP_DEFAULT_MAX_OUTPUT_TOKENS"] = "40",
        ["CAP_CAPTURE_PROMPT_RESPONSE"] = "false",
        ["CAP_MODE"] = "sidecar",
        ["CAP_STORE"] = "sqlite",
    };
}

/// <summary>What the settings of the environment do.</summary>
public sealed class SettingsTests(SetUpSidecar sidecar) : IClassFixture<SetUpSidecar>
{
    [Theory]
    [ClassData(typeof(EveryRoute))]
    public async Task MissingKey_IsA500ThatNamesTheVariable(string path)
    {
        var route = EveryRoute.Find(path);
        if (route.Provider != "gemini")
        {
            return;
        }

        var agent = await sidecar.AgentAsync(cents: 100);
        var answer = await sidecar.CallAsync(route, agent);
        Assert.Equal(500, answer.Status);
        Assert.Contains("GEMINI_API_KEY", answer.Detail, StringComparison.Ordinal);
        MeteredRouteTests.AssertEnvelope(route, answer);
        await sidecar.AssertUntouchedAsync(agent);
    }

    [Fact]
    public async Task MissingKey_CountingTokensToo()
    {
        var answer = await sidecar.PostAsync("/v1beta/models/gemini-2.5-flash:countTokens", "{}");
        Assert.Equal(500, answer.Status);
        Assert.Contains("GEMINI_API_KEY", answer.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [ClassData(typeof(EveryRoute))]
    public async Task ProviderIsNotThere_IsA502_AndCostsNothing(string path)
    {
        var route = EveryRoute.Find(path);
        if (route.Provider != "grok")
        {
            return;
        }

        var agent = await sidecar.AgentAsync(cents: 100);
        MeteredRouteTests.AssertEnvelope(route, (await sidecar.CallAsync(route, agent)).Refuses(502, "No answer came from grok."));
        await sidecar.IdleBudgetAsync(agent);
        await sidecar.AssertUntouchedAsync(agent);
    }

    [Theory]
    [InlineData("/v1/chat/completions", 50)]
    [InlineData("/v1/responses", 60)]
    public async Task OpenAIMaximum_CapsWhatIsAsked(string path, long most)
    {
        var route = EveryRoute.Find(path);
        var agent = await sidecar.AgentAsync(cents: 100);
        Assert.Equal(200, (await sidecar.CallAsync(route, agent)).Status);
        Assert.Equal(most, Assert.Single(sidecar.CallsOf(agent)).MaxOutputTokens);
        Assert.Equal("Bearer key-with-blanks", sidecar.Sent(agent).Headers["Authorization"]);
    }

    [Fact]
    public async Task NothingAsked_TheDefaultIsTheCap()
    {
        var agent = await sidecar.AgentAsync(cents: 100);
        await sidecar.CallAsync(Route.OpenAIChat, agent, """{"model":"gpt-4o","messages":[{"role":"user","content":"Go on."}]}""");
        await sidecar.CallAsync(Route.OpenAIResponses, agent, """{"model":"gpt-4o","input":"Go on."}""");
        Assert.Equal([40, 40], sidecar.CallsOf(agent).Select(call => call.MaxOutputTokens ?? 0));
    }

    [Fact]
    public async Task AnthropicVersion_IsThatOfTheSettings_UnlessTheCallerNamesOne()
    {
        var agent = await sidecar.AgentAsync(cents: 100);
        await sidecar.CallAsync(Route.AnthropicMessages, agent);
        Assert.Equal("2024-01-01", sidecar.Sent(agent).Headers["anthropic-version"]);
        var request = Sidecar.CallRequest(Route.AnthropicMessages, agent);
        request.Headers.Add("anthropic-version", "2023-01-01");
        await sidecar.SendAsync(request);
        Assert.Equal("2023-01-01", sidecar.Sent(agent).Headers["anthropic-version"]);
    }

    [Fact]
    public async Task PromptsAndAnswers_AreNotStored()
    {
        const string Canary = "canary-7c1f";
        var agent = await sidecar.AgentAsync(cents: 100);
        sidecar.Treat(agent, Behaviour.Say(Canary));
        var answer = await sidecar.CallAsync(Route.OpenAIChat, agent, Route.OpenAIChat.Body.Replace("How are you?", Canary, StringComparison.Ordinal));
        Assert.Contains(Canary, answer.Text, StringComparison.Ordinal);
        foreach (var path in Directory.EnumerateFiles(sidecar.Folder, "*", SearchOption.AllDirectories))
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(file, System.Text.Encoding.Latin1);
            Assert.DoesNotContain(Canary, await reader.ReadToEndAsync(), StringComparison.Ordinal);
        }

        Assert.DoesNotContain(Canary, sidecar.Process.Output + sidecar.Process.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("key-with-blanks", sidecar.Process.Output + sidecar.Process.Errors, StringComparison.Ordinal);
    }
}
