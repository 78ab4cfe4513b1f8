using System.Text;
using CsCheck;

namespace SpendGuard.Sidecar.Tests.Properties;

/// <summary>Text as it comes, and as an attacker would write it.</summary>
internal static class TextGen
{
    private static readonly string[] Sentences =
    [
        "An agent never costs more than its budget, whatever it does and whatever breaks. ", "It's 12345 tokens, isn't it?\n\n",
        "public static long Count(string? text) => string.IsNullOrEmpty(text) ? 0 : Encoding.Value.CountTokens(text);\n",
        """{"city":"Rome","temperature":21.5,"tags":["sunny","warm"],"at":null}""", "| a | b |\n|---|---|\n| 1 | 2 |\n",
        "Die Rechnung über 1.234,56 € ist bis zum 31. März fällig. ", "Ça coûte combien, l'addition s'il vous plaît ? ",
        "各位好，世界。今天的预算是多少？", "こんにちは、予算はいくらですか。", "안녕하세요 세계, 예산은 얼마입니까? ", "สวัสดีชาวโลก งบประมาณเท่าไร",
        "नमस्ते दुनिया, बजट कितना है? ", "مرحبا بالعالم، كم الميزانية؟ ", "Привет, мир! Сколько стоит? ",
    ];

    /// <summary>Text that the published tokenizers split as the counter does.</summary>
    public static Gen<string> Prose { get; } = AnyOf(Sentences).Array[1, 12].Select(string.Concat);

    /// <summary>Text of any script and of none.</summary>
    public static Gen<string> Any { get; } = Gen.OneOf(
            AnyOf(Sentences),
            Gen.String[Gen.Char[' ', '~'], 0, 60],
            AnyOf("👩‍👩‍👧‍👦", "🧑🏽‍🚀", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "❤️‍🔥", "🇨🇭🇯🇵", "😀😀😀", "\u200b\u200d\ufeff", "ﷺ", "e\u0301\u0323", "\uffff"),
            AnyOf("𐍈𐌰𐌹", "𝐀𝐛𝟏𝟐𝟑𝟒", "𒀀𒀁", "𠮷野家", "🄰🅱", "\U000E0100", "\U0001D165", "𞤀𞤢", "ᚠᚢᚦ", "ꦲꦏ꧀ꦱꦫ", "ಕನ್ನಡ", "ភាសាខ្មែរ"),
            AnyOf("<|endoftext|>", "<|fim_prefix|>", "<|im_start|>system", "<|", "[INST]", "\n\nHuman: ", "<start_of_turn>", "\0", "\u0001\u001b[0m"),
            Gen.Select(AnyOf(" ", "\n", "\t", "\r\n", " \n", "=", "-", "a", "0"), Gen.Int[1, 60], (piece, times) => string.Concat(Enumerable.Repeat(piece, times))),
            Gen.Byte.Array[0, 90].Select(Convert.ToBase64String),
            Gen.Byte.Array[0, 60].Select(Convert.ToHexString),
            Gen.Int[0, 0x10FFFF].Where(Rune.IsValid).Array[0, 12].Select(runes => string.Concat(runes.Select(rune => new Rune(rune).ToString()))))
        .Array[0, 10]
        .Select(string.Concat);

    public static Gen<string> AnyOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);
}
