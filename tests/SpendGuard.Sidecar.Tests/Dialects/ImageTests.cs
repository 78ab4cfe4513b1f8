using System.Buffers.Binary;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Sidecar.Tests.Dialects;

/// <summary>What is held for a picture is at least what it is counted as, whatever its form.</summary>
public sealed class ImageTests
{
    private const string Gemini = "/v1beta/models/gemini-2.5-flash:generateContent";
    private const int PerTile = 258;

    /// <summary>By the rule that Google publishes: squares of two thirds of the shorter side, of 768 pixels at most.</summary>
    [Theory]
    [InlineData(300, 200, 1)]
    [InlineData(960, 540, 3 * 2)]
    [InlineData(4_000, 3_000, 6 * 4)]
    [InlineData(20_000, 90, 334 * 2)]
    [InlineData(90, 20_000, 334 * 2)]
    public async Task Gemini_PictureOfAnyForm_IsWithinTheHold(int width, int height, int tiles)
    {
        await using var call = await DearestCall.StartAsync();
        var input = (tiles * PerTile) + 10;
        var (held, charged) = await call.MakeAsync(
            Gemini,
            $$"""{ "contents": [{ "parts": [{ "inlineData": { "mimeType": "image/png", "data": "{{Png(width, height)}}" } }] }], "generationConfig": { "maxOutputTokens": 1 } }""",
            new SimulatedUsage(input, 1));

        Assert.Equal((input * 30) + 250, charged);
        Assert.InRange(charged, 1, held);
        Assert.InRange(held, (tiles * PerTile * 30) + 250, ((tiles * PerTile) + 200) * 30L + 250);
    }

    /// <summary>What says that it is a picture and cannot be read may be of any size.</summary>
    [Theory]
    [InlineData("image/png", "AAAA")]
    [InlineData("image/heic", "AAAA")]
    [InlineData("image/png", "not base64")]
    public async Task Gemini_PictureOfUnknownSize_IsHeldForAtTheModelsMaximum(string type, string data)
    {
        await using var call = await DearestCall.StartAsync();
        var (held, charged) = await call.MakeAsync(
            Gemini,
            $$"""{ "contents": [{ "parts": [{ "inlineData": { "mimeType": "{{type}}", "data": "{{data}}" } }] }], "generationConfig": { "maxOutputTokens": 1 } }""",
            new SimulatedUsage(1_048_576, 1));

        Assert.Equal((1_048_576 * 30) + 250, held);
        Assert.Equal(held, charged);
    }

    /// <summary>A part that names a stored picture beside the one that it has may be either.</summary>
    [Fact]
    public async Task OpenAI_PictureThatIsStoredToo_IsHeldForAsOfUnknownSize()
    {
        Assert.Equal(await HeldAsync(""), await HeldAsync($$""","image_url":"data:image/png;base64,{{Png(1, 1)}}" """));

        static async Task<long> HeldAsync(string url)
        {
            await using var call = await DearestCall.StartAsync();
            var (held, _) = await call.MakeAsync(
                "/v1/responses",
                $$"""{"model":"gpt-5.6","max_output_tokens":16,"input":[{"role":"user","content":[{"type":"input_image","file_id":"f","detail":"auto"{{url}}}]}]}""",
                new SimulatedUsage(1, 1));
            return held;
        }
    }

    [Theory]
    [InlineData("low", 3_000)]
    [InlineData("high", 3_000)]
    [InlineData("original", 36_000)]
    [InlineData("auto", 36_000)]
    public async Task OpenAI_PictureOfUnknownSize_IsHeldForByItsDetail(string detail, long tokens)
    {
        await using var call = await DearestCall.StartAsync();
        var (held, charged) = await call.MakeAsync(
            "/v1/responses",
            $$"""{"model":"gpt-5.6","max_output_tokens":16,"input":[{"role":"user","content":[{"type":"input_image","image_url":"https://example.com/i.png","detail":"{{detail}}"}]}]}""",
            new SimulatedUsage(tokens, 16) { CacheWriteTokens = tokens });

        Assert.Equal((tokens * 625) + (16 * 3_000), charged);
        Assert.InRange(held, charged, charged + (200 * 625));
    }

    [Fact]
    public async Task OpenAI_PictureInTheRequest_IsHeldForByItsSize()
    {
        await using var call = await DearestCall.StartAsync();
        const long Tokens = 32 * 32 * 12 / 10;
        var (held, charged) = await call.MakeAsync(
            "/v1/chat/completions",
            $$"""{"model":"gpt-5.6","max_completion_tokens":16,"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,{{Png(1_024, 1_024)}}" } }]}]}""",
            new SimulatedUsage(Tokens, 16) { CacheWriteTokens = Tokens });

        Assert.InRange(held, charged, charged + (200 * 625));
    }

    /// <summary>The beginning of a PNG file of this size; more of it is not looked at.</summary>
    private static string Png(int width, int height)
    {
        var header = new byte[33];
        Convert.FromHexString("89504E470D0A1A0A0000000D49484452").CopyTo(header, 0);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(20), height);
        return Convert.ToBase64String(header);
    }
}
