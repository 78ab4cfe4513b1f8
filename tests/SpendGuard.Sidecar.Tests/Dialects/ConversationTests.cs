using System.Text.Json;
using SpendGuard.Conversations;
using SpendGuard.Pricing;
using SpendGuard.Sidecar.Dialects.Anthropic;
using SpendGuard.Sidecar.Dialects.Gemini;
using SpendGuard.Sidecar.Dialects.OpenAI.Chat;
using SpendGuard.Sidecar.Dialects.OpenAI.Responses;

namespace SpendGuard.Sidecar.Tests.Dialects;

/// <summary>Which calls each wire format takes for the same. A conversation is a user's words and turns of one tool call each.</summary>
public sealed class ConversationTests
{
    private static readonly Dictionary<string, Format> Formats = new(StringComparer.Ordinal)
    {
        ["chat"] = new(
            OpenAIChatConversation.Of,
            messages => $$$$"""{"messages":[{"role":"system","content":"Be brief."},{{{{messages}}}}]}""",
            text => $$$$"""{"role":"user","content":"{{{{text}}}}"}""",
            (id, arguments, said) => $$$$"""{"role":"assistant","content":"{{{{said}}}}","tool_calls":[{"id":"{{{{id}}}}","type":"function","function":{"name":"f","arguments":{{{{JsonSerializer.Serialize(arguments)}}}}}}]}""",
            (id, result) => $$$$"""{"role":"tool","tool_call_id":"{{{{id}}}}","content":"{{{{result}}}}"}"""),
        ["responses"] = new(
            OpenAIResponsesConversation.Of,
            messages => $$$$"""{"instructions":"Be brief.","input":[{{{{messages}}}}]}""",
            text => $$$$"""{"role":"user","content":[{"type":"input_text","text":"{{{{text}}}}"}]}""",
            (id, arguments, said) => $$$$"""{"type":"reasoning","id":"rs_{{{{id}}}}","summary":[],"encrypted_content":"{{{{id}}}}"},{"type":"message","id":"msg_{{{{id}}}}","role":"assistant","content":[{"type":"output_text","text":"{{{{said}}}}"}]},{"type":"function_call","id":"fc_{{{{id}}}}","call_id":"{{{{id}}}}","name":"f","arguments":{{{{JsonSerializer.Serialize(arguments)}}}}}""",
            (id, result) => $$$$"""{"type":"function_call_output","call_id":"{{{{id}}}}","output":"{{{{result}}}}"}"""),
        ["messages"] = new(
            AnthropicConversation.Of,
            messages => $$$$"""{"system":[{"type":"text","text":"Be brief."}],"messages":[{{{{messages}}}}]}""",
            text => $$$$"""{"role":"user","content":"{{{{text}}}}"}""",
            (id, arguments, said) => $$$$"""{"role":"assistant","content":[{"type":"thinking","thinking":"{{{{id}}}}","signature":"{{{{id}}}}"},{"type":"text","text":"{{{{said}}}}"},{"type":"tool_use","id":"{{{{id}}}}","name":"f","input":{{{{arguments}}}}}]}""",
            (id, result) => $$$$"""{"role":"user","content":[{"type":"tool_result","tool_use_id":"{{{{id}}}}","content":[{"type":"text","text":"{{{{result}}}}"}],"cache_control":{"type":"ephemeral"}}]}"""),
        ["gemini"] = new(
            GeminiConversation.Of,
            messages => $$$$"""{"system_instruction":{"parts":[{"text":"Be brief."}]},"contents":[{{{{messages}}}}]}""",
            text => $$$$"""{"role":"user","parts":[{"text":"{{{{text}}}}"}]}""",
            (id, arguments, said) => $$$$"""{"role":"model","parts":[{"text":"{{{{id}}}}","thought":true},{"text":"{{{{said}}}}"},{"functionCall":{"id":"{{{{id}}}}","name":"f","args":{{{{arguments}}}}},"thoughtSignature":"{{{{id}}}}"}]}""",
            (id, result) => $$$$"""{"role":"user","parts":[{"functionResponse":{"id":"{{{{id}}}}","name":"f","response":{"result":"{{{{result}}}}"}}}]}"""),
    };

    public static TheoryData<string> Names => [.. Formats.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Loop_EndsAlike_WhateverItsIds_AndHoweverLongItHasGrown(string name)
    {
        var format = Formats[name];
        var first = format.Of(format.User("find x"), format.Turn("1", """{"a":1,"b":2}""", "I look.", "nothing"));

        Assert.NotNull(first);
        Assert.Equal(first, format.Of(format.User("find x"), format.Turn("2", """{"b":2,"a":1}""", "Once more.", "nothing")));
        Assert.Equal(first, format.Of(
            format.User("find x"), format.Turn("1", """{"a":1,"b":2}""", "I look.", "nothing"), format.Turn("2", """{"a":1,"b":2}""", "Again.", "nothing")));
    }

    /// <summary>A model may write it, and no request is refused for how it ends.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void HalfOfASurrogatePair_TellsCallsApartToo(string name)
    {
        var format = Formats[name];
        var half = format.Of(format.User("find x"), format.Turn("1", """{"a":"\ud800","\udfff":[1]}""", """\ud800""", """\ud800"""));

        Assert.NotNull(half);
        Assert.Equal(half, format.Of(format.User("find x"), format.Turn("2", """{"a":"\ud800","\udfff":[1]}""", "Again.", """\ud800""")));
        Assert.NotEqual(half, format.Of(format.User("find x"), format.Turn("1", """{"a":"\ud801","\udfff":[1]}""", """\ud800""", """\ud800""")));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void OrdinaryWork_EndsOtherwiseEachTime(string name)
    {
        var format = Formats[name];
        var turn = format.Turn("1", """{"page":1}""", "I look.", "nothing");

        Assert.Distinct((CallFingerprint?[])
        [
            format.Of(format.User("find x")),
            format.Of(format.User("find y")),
            format.Of(format.User("find x"), turn),
            format.Of(format.User("find x"), format.Turn("1", """{"page":2}""", "I look.", "nothing")),
            format.Of(format.User("find x"), format.Turn("1", """{"page":1}""", "I look.", "still nothing")),
            format.Of(format.User("find x"), turn, format.User("go on")),
        ]);
        Assert.Equal(format.Of(format.User("find x")), format.Of(format.User("find x")));
    }

    [Theory]
    [InlineData("chat", """{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}""", "AAAA", "AAAB")]
    [InlineData("responses", """{"role":"user","content":[{"type":"input_image","image_url":"https://a/1.png"}]}""", "1.png", "2.png")]
    [InlineData("messages", """{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]}""", "AAAA", "AAAB")]
    [InlineData("gemini", """{"role":"user","parts":[{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]}""", "AAAA", "AAAB")]
    public void Images_AreToldApartByWhatTheyAre(string name, string message, string part, string other)
    {
        var format = Formats[name];

        Assert.Equal(format.Of(message), format.Of(message));
        Assert.NotEqual(format.Of(message), format.Of(message.Replace(part, other, StringComparison.Ordinal)));
    }

    /// <summary>Text alone, and one text in a list, are the same to the provider.</summary>
    [Theory]
    [InlineData("chat", """{"role":"user","content":"x"}""", """{"content":[{"type":"text","text":"x"}],"role":"user"}""")]
    [InlineData("messages", """{"role":"user","content":"x"}""", """{"role":"user","content":[{"type":"text","text":"x","cache_control":{"type":"ephemeral"}}]}""")]
    [InlineData("responses", """{"role":"user","content":"x"}""", """{"type":"message","role":"user","content":[{"type":"input_text","text":"x"}]}""")]
    public void Forms_OfTheSame_AreTheSame(string name, string one, string other) => Assert.Equal(Formats[name].Of(one), Formats[name].Of(other));

    [Theory]
    [InlineData("""{"previous_response_id":"resp_1","input":[{"type":"function_call_output","call_id":"1","output":"ok"}]}""")]
    [InlineData("""{"conversation":"conv_1","input":"go on"}""")]
    [InlineData("""{"input":[{"type":"item_reference","id":"fc_1"},{"type":"function_call_output","call_id":"1","output":"ok"}]}""")]
    public void WhatIsKeptAtOpenAI_CannotBeToldApart(string body) => Assert.Null(Fingerprint(OpenAIResponsesConversation.Of(JsonElement.Parse(body))));

    [Fact]
    public void ReferencesToReasoning_TellNothing()
    {
        const string Rest = """{"type":"function_call","call_id":"1","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"1","output":"ok"}]}""";

        Assert.Equal(
            Fingerprint(OpenAIResponsesConversation.Of(JsonElement.Parse("""{"input":[""" + Rest))),
            Fingerprint(OpenAIResponsesConversation.Of(JsonElement.Parse("""{"input":[{"type":"item_reference","id":"rs_1"},""" + Rest))));
    }

    /// <summary>Such a request is refused by the provider, or not, and not here.</summary>
    [Theory]
    [InlineData("chat", """{"role":"assistant","content":7,"tool_calls":[7,{"function":{"name":7,"arguments":{"a":1}}}]},{"role":7}""")]
    [InlineData("messages", """{"role":"assistant","content":[7,{"type":"tool_use","input":7}]},{"content":[{"type":"tool_result","content":7}]}""")]
    [InlineData("responses", """7,{"type":"function_call","arguments":{"a":1}},{"type":"function_call_output","output":7}""")]
    public void OddForms_AreNoReasonToRefuse(string name, string messages) => Formats[name].Of(messages);

    private static CallFingerprint? Fingerprint(IReadOnlyList<ConversationMessage>? conversation) =>
        conversation is null ? (CallFingerprint?)null : ConversationEnd.FingerprintOf(new ModelKey("p", "m"), conversation);

    private sealed record Format(
        Func<JsonElement, IReadOnlyList<ConversationMessage>?> Read,
        Func<string, string> Body,
        Func<string, string> User,
        Func<string, string, string, string> Call,
        Func<string, string, string> Result)
    {
        public string Turn(string id, string arguments, string said, string result) => $"{Call(id, arguments, said)},{Result(id, result)}";

        public CallFingerprint? Of(params string[] messages) => Fingerprint(Read(JsonElement.Parse(Body(string.Join(',', messages)))));
    }
}
