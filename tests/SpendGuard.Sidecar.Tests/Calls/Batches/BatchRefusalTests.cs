using SpendGuard.Sidecar.Testing;
using static SpendGuard.Sidecar.Tests.Calls.Batches.BatchSteps;

namespace SpendGuard.Sidecar.Tests.Calls.Batches;

/// <summary>What a batch is refused for, before anything is held or sent.</summary>
public sealed class BatchRefusalTests(SharedSidecar shared) : IClassFixture<SharedSidecar>
{
    [Theory]
    [InlineData("""{}""", "'requests' has to be a list of 1 to 100,000 requests")]
    [InlineData("""{"requests":[]}""", "'requests' has to be a list")]
    [InlineData("""{"requests":{}}""", "'requests' has to be a list")]
    [InlineData("""{"requests":[{"custom_id":"a"}]}""", "Request 1 has to have 'custom_id', and 'params'")]
    [InlineData("""{"requests":[7]}""", "Request 1 has to have")]
    [InlineData("""{"requests":[{"params":MESSAGE}]}""", "Request 1 has to have a 'custom_id'")]
    [InlineData("""{"requests":[{"custom_id":"a","params":MESSAGE},{"custom_id":"a","params":MESSAGE}]}""", "Request 2 has to have a 'custom_id' that no other")]
    [InlineData("""{"requests":[{"custom_id":"a","params":MESSAGE,"priority":1}]}""", "Request 1 has a field 'priority'")]
    [InlineData("""{"requests":[{"custom_id":"a","params":MESSAGE}],"callback":"x"}""", "A batch has a field 'callback'")]
    public async Task Batch_ThatIsNone_IsRefused(string body, string sentence) =>
        await AssertRefusedAsync(body.Replace("MESSAGE", Message(), StringComparison.Ordinal), sentence);

    [Theory]
    [InlineData(""","stream":true""", "'stream' is not for requests of a batch")]
    [InlineData(",\"speed\":\"fast\"", "'speed' is 'fast', which is not priced in a batch")]
    [InlineData(",\"inference_geo\":\"us\"", "'inference_geo' is 'us', which is not priced in a batch")]
    [InlineData(",\"container\":\"c\"", "container")]
    [InlineData(""","something_new":1""", "something_new")]
    [InlineData(""","thread":{"id":"t"}""", "thread")]
    public async Task Request_IsRefusedForWhatACallIs_AndForWhatBatchesHaveNot(string more, string sentence) =>
        await AssertRefusedAsync(Of(Message(), Message(more: more)), "Request 2: ", sentence);

    [Fact]
    public async Task Request_WithoutACap_IsRefused() =>
        await AssertRefusedAsync(Of("""{"model":"claude-sonnet-5","messages":[{"role":"user","content":"Hi"}]}"""), "Request 1: 'max_tokens' is missing");

    [Fact]
    public async Task Batch_OfAModelWithoutAPrice_IsRefused() => await AssertRefusedAsync(Of(Message(), Message(model: "claude-none")), "claude-none");

    [Fact]
    public async Task Batch_ThatDoesNotFit_IsRefusedWhole()
    {
        var agent = await shared.Sidecar.AgentAsync(cents: 2);

        var reply = await shared.Sidecar.AskAsync(Route, agent, Of(Message(3_000), Message(3_000)));

        Assert.Equal(402, reply.Status);
        Assert.Equal("billing_error", (string?)reply.Body["error"]!["type"]);
        Assert.Equal(200, (await shared.Sidecar.AskAsync(Route, agent, Of(Message(3_000)))).Status);
    }

    [Fact]
    public async Task ListOfAll_IsNotOffered()
    {
        var agent = await shared.Sidecar.AgentAsync();
        var reply = await shared.Sidecar.GetAsync(agent, Route);
        Assert.Equal(405, reply.Status);
    }

    private async Task AssertRefusedAsync(string body, params string[] sentences)
    {
        var agent = await shared.Sidecar.AgentAsync();

        var reply = await shared.Sidecar.AskAsync(Route, agent, body);

        Assert.Equal((400, "invalid_request_error"), (reply.Status, (string?)reply.Body["error"]!["type"]));
        Assert.All(sentences, sentence => Assert.Contains(sentence, (string?)reply.Body["error"]!["message"], StringComparison.Ordinal));
        var budget = (await shared.Sidecar.BudgetAsync(agent))!;
        Assert.Equal((0L, 0L), (budget.Held, budget.Spent));
    }
}
