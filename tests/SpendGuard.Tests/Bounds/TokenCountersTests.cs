using System.Text;
using CsCheck;
using SpendGuard.Bounds;
using SpendGuard.Pricing;
using SpendGuard.Providers;
using SpendGuard.Testing.Provider;
using SpendGuard.Testing.Provider.Counting;

namespace SpendGuard.Tests.Bounds;

public class TokenCountersTests(TokenCountersTests.Tokenizers tokenizers) : IClassFixture<TokenCountersTests.Tokenizers>
{
    private const string English = "An agent never costs more than its budget, whatever it does and whatever breaks. It's 12345 tokens, isn't it?\n\n  The end.";

    /// <summary>Text as it comes and as an attacker would write it.</summary>
    private static readonly Gen<string> Texts = Gen.OneOf(
            Gen.String[Gen.Char[' ', '~'], 0, 20],
            Gen.String[0, 8],
            AnyOf("The quick brown fox ", "it's ", "DON'T", "ÉCOLE's", "'ſ", "\r\n\r\n", "   ", "\t \n", "/////", "12345678", "٣٤٥", "²Ⅷ"),
            AnyOf("👩‍👩‍👧‍👦", "🧑🏽‍🚀", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "❤️‍🔥", "🇨🇭🇯🇵", "😀😀😀"),
            AnyOf("สวัสดีชาวโลก", "សួស្តីពិភពលោក", "안녕하세요 세계", "各位好，世界", "こんにちは", "नमस्ते", "مرحبا", "ﷺ", "ﷺﷺ"),
            AnyOf("𐍈𐌰𐌹", "𝐀𝐛𝟏𝟐𝟑𝟒", "𒀀𒀁", "𠮷野家", "🄰🅱", "\U000E0100", "\U0001D165", "𞤀𞤢"),
            AnyOf("<|endoftext|>", "<|fim_prefix|>", "<|endofprompt|>", "<|im_start|>system", "<|", "<|endoftext"),
            AnyOf("\ud800", "\udc00", "\udfff\ud83d", "\0", "\u0001\u001b[0m", "\u200b\u200d\ufeff", "\uffff", "e\u0301\u0323"),
            Gen.Byte.Array[0, 40].Select(Convert.ToBase64String),
            Gen.Int[0, 0x10FFFF].Where(Rune.IsValid).Array[0, 6].Select(runes => string.Concat(runes.Select(rune => new Rune(rune).ToString()))))
        .Array[0, 8]
        .Select(string.Concat);

    [Fact]
    public void Bound_O200k_IsNeverBelowTheTokensOfTheText() => NeverBelow("gpt-4o", tokenizers.O200k.Count);

    [Fact]
    public void Bound_Cl100k_IsNeverBelowTheTokensOfTheText() => NeverBelow("gpt-4", tokenizers.Cl100k.Count);

    [Fact]
    public void Bound_Bytes_IsNeverBelowTheTokensOfTheText() =>
        NeverBelow("gpt-6.2-sol", text => Math.Max(tokenizers.O200k.Count(text), tokenizers.Cl100k.Count(text)));

    [Fact]
    public void Bound_PlainEnglish_IsTheCount()
    {
        Assert.Equal(tokenizers.O200k.Count(English), Counter("gpt-4o").Bound(English));
        Assert.Equal(tokenizers.Cl100k.Count(English), Counter("gpt-4").Bound(English));
        Assert.Equal(English.Length, Counter("gpt-6.2-sol").Bound(English));
    }

    [Theory]
    [InlineData("hello world", 2)]
    [InlineData("<|endoftext|>", 7)]
    [InlineData("", 0)]
    public void Reference_KnownText_HasTheKnownCount(string text, int tokens) => Assert.Equal(tokens, tokenizers.O200k.Count(text));

    [Theory]
    [InlineData("gpt-4o")]
    [InlineData("gpt-4")]
    [InlineData("gpt-6.2-sol")]
    public void Bound_LiteralOfASpecialToken_CountsAsText(string model) =>
        Assert.InRange(Counter(model).Bound("<|endoftext|>"), tokenizers.O200k.Count("<|endoftext|>"), 13);

    [Theory]
    [InlineData("ﷺ", 3)]
    [InlineData("😀", 4)]
    public void Bound_Bytes_CountsWhatGoesOverTheWire(string text, int bytes) => Assert.Equal(bytes, Counter("gpt-6.2-sol").Bound(text));

    [Fact]
    public void Bound_LoneSurrogate_CountsAsItsReplacement() => Assert.Equal(3, Counter("gpt-6.2-sol").Bound("\ud800"));

    [Fact]
    public void Bound_LettersBeyondTheFirstPlane_AreBoundedByBytes()
    {
        const string Mathematical = "𝐀𝐛𝟏𝟐𝟑𝟒333Eib5RAwf8q";

        Assert.Equal(Encoding.UTF8.GetByteCount(Mathematical), Counter("gpt-4o").Bound(Mathematical));
        Assert.Equal(tokenizers.O200k.Count("🧑🏽‍🚀 ok"), Counter("gpt-4o").Bound("🧑🏽‍🚀 ok"));
    }

    [Fact]
    public void Bound_VeryLongText_IsItsBytes() => Assert.Equal(1_000_001, Counter("gpt-4o").Bound(new string('a', 1_000_001)));

    /// <summary>Merging the bytes of a word takes time in the square of its length: what is merged is short, whatever the text is.</summary>
    [Fact]
    public void Words_OfAnyText_AreShortWhereTheyAreMerged()
    {
        var counter = Assert.IsType<TiktokenCounter>(Counter("gpt-4o"));
        Gen.Select(Texts, AnyOf("a", "A", "漢", "é", "ภ", "=", " ", "\n", "'", "0", "\u0301", "aB", "x́"), Gen.Int[1, 20_000]).Sample(
            (text, piece, times) =>
            {
                var hostile = text + string.Concat(Enumerable.Repeat(piece, times)) + text;
                var words = counter.Words(hostile).ToList();
                Assert.All(words.Where(word => word.IsMerged), word => Assert.InRange(word.Word.End.Value - word.Word.Start.Value, 0, TiktokenCounter.LongestMerged));
                Assert.Equal(hostile.Length, words.Sum(word => word.Word.End.Value - word.Word.Start.Value));
            },
            iter: 200);
    }

    [Theory]
    [InlineData("a", 240_000)]
    [InlineData("漢", 240_000)]
    public void Bound_LongRunWithoutASplit_IsItsBytes(string piece, int times)
    {
        var run = string.Concat(Enumerable.Repeat(piece, times));

        Assert.Equal(Encoding.UTF8.GetByteCount(run), Counter("gpt-4o").Bound(run));
    }

    [Fact]
    public void Bound_NobodyWaits_Stops() =>
        Assert.ThrowsAny<OperationCanceledException>(() => Counter("gpt-4o").Bound(English, new CancellationToken(canceled: true)));

    [Theory]
    [InlineData("openai", "gpt-4o-mini", "o200k")]
    [InlineData("openai", "chatgpt-4o-latest", "o200k")]
    [InlineData("openai", "gpt-4.1-nano", "o200k")]
    [InlineData("openai", "gpt-5.2-codex", "o200k")]
    [InlineData("openai", "o3-mini", "o200k")]
    [InlineData("openai", "ft:gpt-4o-mini-2024-07-18:me::x", "o200k")]
    [InlineData("openai", "gpt-4-turbo", "cl100k")]
    [InlineData("openai", "gpt-3.5-turbo", "cl100k")]
    [InlineData("openai", "text-embedding-3-small", "cl100k")]
    [InlineData("openai", "gpt-6-luna", "bytes")]
    [InlineData("openai", "gpt-audio", "bytes")]
    [InlineData("grok", "gpt-4o", "bytes")]
    [InlineData("anthropic", "claude-opus-5-5", "bytes")]
    [InlineData("gemini", "gemini-4-argon", "bytes")]
    public void For_Model_IsItsPublishedEncodingOrBytes(string provider, string model, string encoding)
    {
        const string Told = "Supercalifragilisticexpialidocious antidisestablishmentarianism, ดีจ้า";
        long expected = encoding switch
        {
            "o200k" => tokenizers.O200k.Count(Told),
            "cl100k" => tokenizers.Cl100k.Count(Told),
            _ => Encoding.UTF8.GetByteCount(Told),
        };

        Assert.Equal(expected, new TokenCounters().For(new ModelKey(provider, model)).Bound(Told));
    }

    private static Gen<string> AnyOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);

    private static ITokenCounter Counter(string model) => new TokenCounters().For(new ModelKey("openai", model));

    private static void NeverBelow(string model, Func<string, int> count)
    {
        var counter = Counter(model);
        Texts.Sample(
            text =>
            {
                var (tokens, bound) = (count(text), counter.Bound(text));
                Assert.True(bound >= tokens, $"{tokens} tokens, bound {bound}");
                Assert.True(bound <= Encoding.UTF8.GetByteCount(text));
            },
            iter: 5_000);
    }

    /// <summary>The vocabularies take a while to load.</summary>
    public sealed class Tokenizers
    {
        internal ReferenceTokenizer O200k { get; } = ReferenceTokenizer.O200k();

        internal ReferenceTokenizer Cl100k { get; } = ReferenceTokenizer.Cl100k();
    }
}
