using SpendGuard.Sidecar.Tests.Control.Tree;

namespace SpendGuard.Sidecar.Tests.Control;

/// <summary>Bodies of control routes that are none, or not what is asked for: each is told in our words what it needs.</summary>
public sealed class ControlBodyTests(SharedSidecar shared) : IClassFixture<SharedSidecar>
{
    private const string NoObject = "The body has to be a JSON object.";

    /// <summary>What each route says to no body, and to a field of the wrong type; null where it takes that.</summary>
    [Theory]
    [InlineData("POST", "agents", null, """{"name":5}""", "'name' has to be a string.")]
    [InlineData("PATCH", "agents/body-agent", "'name' is missing or empty. Give the agent a name.", """{"under":5}""", "'under' has to be a string.")]
    [InlineData("POST", "agents/body-agent/budget", "'hard_limit_cents' is missing.", """{"hard_limit_cents":"5"}""", "'hard_limit_cents' has to be a whole number")]
    [InlineData("POST", "agents/body-agent/runs", null, null, null)]
    [InlineData("POST", "agents/body-agent/keys", null, """{"name":[]}""", "'name' has to be a string.")]
    [InlineData("POST", "agents/body-agent/dry-run", null, """{"model":5}""", "'model' has to be a string.")]
    [InlineData("POST", "agents/body-agent/pause", null, """{"reason":5}""", "'reason' has to be a string.")]
    [InlineData("POST", "groups/body-group/pause", null, """{"reason":{}}""", "'reason' has to be a string.")]
    [InlineData("PUT", "groups/body-group", null, """{"under":5}""", "'under' has to be a string.")]
    [InlineData("PUT", "agents/body-agent/limits/day", "'amount_cents' is missing.", """{"amount_cents":true}""", "'amount_cents' has to be a whole number of at least 0.")]
    [InlineData("PUT", "groups/body-group/limits/day", "'amount_cents' is missing.", """{"amount_cents":1.5}""", "'amount_cents' has to be a whole number of at least 0.")]
    [InlineData("PUT", "agents/body-agent/breaker", "'identical_calls' is missing.", """{"identical_calls":"2"}""", "'identical_calls' has to be a whole number of at least 2.")]
    [InlineData("PUT", "groups/body-group/breaker", "'identical_calls' is missing.", """{"identical_calls":[]}""", "'identical_calls' has to be a whole number of at least 2.")]
    [InlineData("POST", "approvals/apr_1/approve", "Say how much to add: 'add_cents', or 'add_microcents' in its place.", """{"add_cents":"5"}""", "'add_cents' has to be a whole number of at least 1.")]
    [InlineData("POST", "approvals/apr_1/deny", "There is no request for approval with the id 'apr_1'.", """{"reason":5}""", "'reason' has to be a string.")]
    [InlineData("POST", "alerts/replay", "'since' is missing.", """{"since":5}""", "'since' has to be a string.")]
    public async Task Body_ThatIsNotWhatARouteNeeds_IsToldWhatItNeeds(string method, string path, string? missing, string? wrong, string? sentence)
    {
        await shared.Sidecar.GroupAsync("body-group");
        await shared.Sidecar.SendAsync(HttpMethod.Post, "/v1/agents", """{"agent_id":"body-agent","under":"body-group"}""");
        await shared.Sidecar.SetBudgetAsync("body-agent", cents: 100);

        foreach (var nothing in (string?[])[null, "", "{}"])
        {
            await AssertToldAsync(method, path, nothing, missing);
        }

        foreach (var other in (string[])["null", "[]", "\"x\"", "5"])
        {
            await AssertToldAsync(method, path, other, NoObject);
        }

        if (wrong is not null)
        {
            await AssertToldAsync(method, path, wrong, sentence);
        }
    }

    private async Task AssertToldAsync(string method, string path, string? body, string? sentence)
    {
        var answer = await shared.Sidecar.SendAsync(new HttpMethod(method), $"/v1/{path}", body);
        if (sentence is null)
        {
            Assert.Equal(200, answer.Status);
            return;
        }

        Assert.StartsWith(sentence, (string?)answer.Body["detail"], StringComparison.Ordinal);
        Assert.Equal(sentence.StartsWith("There is no", StringComparison.Ordinal) ? 404 : 400, answer.Status);
    }
}
