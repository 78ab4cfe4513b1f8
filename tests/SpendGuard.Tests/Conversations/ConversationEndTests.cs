using CsCheck;
using SpendGuard.Conversations;
using SpendGuard.Pricing;

namespace SpendGuard.Tests.Conversations;

/// <summary>Which calls are taken for the same, whatever wire format they came in.</summary>
public sealed class ConversationEndTests
{
    private static readonly ModelKey Model = new("p", "m");

    private static readonly (bool IsModels, string[] Parts)[] Loop = [(false, ["find x"]), (true, ["Let me look.", "call f"]), (false, ["result nothing"])];

    [Fact]
    public void Loop_EndsAlike_HoweverLongItHasGrown_AndWhateverIsSaidBesideTheCalls()
    {
        var first = Of(Loop);
        Assert.Equal(first, Of([.. Loop, (true, ["Once more.", "call f"]), (false, ["result nothing"])]));
        Assert.Equal(first, Of([(false, ["something else"]), (true, ["call g"]), (false, ["result g"]), .. Loop[1..]]));
        Assert.Equal(first, Of([Loop[0], (true, ["Let me look."]), (true, ["call f"]), Loop[2]]));
    }

    [Fact]
    public void OtherCallOrResult_EndsOtherwise()
    {
        (bool, string[])[][] others =
        [
            Loop,
            [Loop[0], (true, ["call g"]), Loop[2]],
            [.. Loop[..2], (false, ["result something"])],
            [.. Loop[..2], (false, ["nothing"])],
            [.. Loop, (false, ["and now?"])],
            [Loop[0], (true, ["call f", "call f"]), Loop[2]],
            [Loop[0]],
            [(false, ["instructions"]), Loop[0]],
            [Loop[0], (true, ["Let me look."]), (false, ["go on"])],
            [Loop[0], (true, ["I have looked."]), (false, ["go on"])],
            [Loop[0], (true, ["Let me"])],
        ];

        Assert.Distinct(others.Select(Of));
        Assert.NotEqual(Of(Loop), ConversationEnd.FingerprintOf(new ModelKey("p", "other"), Messages(Loop)));
    }

    [Fact]
    public void Arguments_AreComparedByWhatTheySay()
    {
        var first = Call("""{"a":1,"b":{"c":"é","d":[1,2]}}""");

        Assert.Equal(first, Call(""" { "b" : {"d":[1,2], "c":"\u00e9"}, "a" : 1 } """));
        Assert.NotEqual(first, Call("""{"a":1,"b":{"c":"é","d":[2,1]}}"""));
        Assert.NotEqual(first, Call("""{"a":"1","b":{"c":"é","d":[1,2]}}"""));
        Assert.Equal(Call("no JSON"), Call("no JSON"));
        Assert.NotEqual(Call("no JSON"), Call("no  JSON"));
        Assert.NotNull(Call("""{"half":"\ud83d"}"""));
    }

    [Fact]
    public void NothingToGoBy_HasNone()
    {
        Assert.Null(Of([]));
        Assert.Null(Of([(true, []), (false, [])]));
        Assert.Null(ConversationEnd.FingerprintOf(Model, [new ConversationMessage(isModels: true, [ConversationPart.Unseen]), .. Messages([Loop[2]])]));
        Assert.NotNull(ConversationEnd.FingerprintOf(Model, [new ConversationMessage(isModels: true, [ConversationPart.Unseen]), .. Messages(Loop)]));
    }

    /// <summary>Two texts are never joined so that they could be taken for two others.</summary>
    [Fact]
    public void AnyChangeOfTheEnd_IsAnotherFingerprint() =>
        Gen.Select(Gen.String.Array[1, 3], Gen.String.Array[1, 3]).Where(pair => !pair.Item1.SequenceEqual(pair.Item2)).Sample(
            pair => Of([Loop[0], Loop[1], (false, pair.Item1)]) != Of([Loop[0], Loop[1], (false, pair.Item2)]));

    [Fact]
    public void OrderOfFields_ChangesNothing() =>
        Gen.Select(Gen.Dictionary(Gen.String.AlphaNumeric, Gen.Int)[0, 6], Gen.Int).Sample((fields, seed) =>
        {
            var shuffled = fields.ToArray();
            new Random(seed).Shuffle(shuffled);
            return Call(Json(fields)) == Call(Json(shuffled));
        });

    private static string Json(IEnumerable<KeyValuePair<string, int>> fields) => $"{{{string.Join(',', fields.Select(field => $"\"{field.Key}\":{field.Value}"))}}}";

    private static CallFingerprint? Call(string arguments) => ConversationEnd.FingerprintOf(
        Model, [new ConversationMessage(isModels: true, [ConversationPart.ToolCall("f", arguments)]), .. Messages([Loop[2]])]);

    private static CallFingerprint? Of((bool IsModels, string[] Parts)[] messages) => ConversationEnd.FingerprintOf(Model, Messages(messages));

    private static ConversationMessage[] Messages((bool IsModels, string[] Parts)[] messages) =>
        [.. messages.Select(message => new ConversationMessage(message.IsModels, message.Parts.Select(PartOf)))];

    private static ConversationPart PartOf(string part) => part.Split(' ') switch
    {
        ["call", var name] => ConversationPart.ToolCall(name, "{}"),
        ["result", var text] => ConversationPart.ToolResult(text),
        _ => ConversationPart.Said(part),
    };
}
