using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Pricing;
using SpendGuard.Providers;
using SpendGuard.Providers.OpenAI;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Dialects.OpenAI.Chat;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Dialects.OpenAI.Images;

/// <summary>Images made of a prompt. No cap can be sent for them: each is held for at its price, or at the model's longest output.</summary>
internal sealed class OpenAIImagesDialect : IDialect
{
    private const int MostImages = 1_024;

    public Call Read(Call call)
    {
        var known = call.Tables.Of(OpenAIWing.Vendor).Request("images").Check(call.Body, call.Policy);
        var asked = OpenAIRequest.ModelKey(call);
        var model = SizeOf(call.Body) is var (width, height) ? ImageShape.PricedModel(asked, width, height, call.Prices) : asked;
        var cards = Vendor.Complete(call.Prices.Find(model, DateTimeOffset.MinValue, DateTimeOffset.MaxValue));
        var bound = new InputBound(asked, call.Counters).AddMessage();
        bound.AddText(call.Body.FindString("prompt") ?? throw new BadRequestException("'prompt' is missing. Say what the image is to show."));
        known.AddTo(bound, name => OpenAIRequest.AddStored(bound, call.Provider, name));
        var shape = new CallShape { InputBound = bound.Tokens, Input = bound, UnseenInput = bound.UnseenInput, UnboundedFeatures = known.Unknown };
        return call with { Model = model, Shape = ImageShape.Of(shape, Images(call.Body), model, Checked(cards, call.Body)) };
    }

    public ReadOnlyMemory<byte> Cap(Call call, CallGrant grant) => JsonMarshal.GetRawUtf8Value(call.Body).ToArray();

    public ProviderReport ReadAnswer(Call call, JsonElement answer) =>
        new OpenAIImagesReader(Vendor.Of(call.Provider), call.Shape.FeeUnits.ContainsKey(UsageCategory.Image)).ReadAnswer(answer);

    public IEventReader ReadEvents(Call call) => new OpenAIChatEvents(call.Provider, clientAskedForUsage: true);

    public ReadOnlyMemory<byte> Refuse(Refusal refusal) => OpenAIErrors.Refuse(refusal);

    private static int Images(JsonElement body) => body.FindCount("n", least: 1) switch
    {
        null => 1,
        <= MostImages and var asked => (int)asked,
        _ => throw new BadRequestException($"'n' has to be at most {MostImages}."),
    };

    /// <summary>The size where it is one; a word leaves it to the model.</summary>
    private static (int Width, int Height)? SizeOf(JsonElement body) =>
        body.FindString("size")?.Split('x') is [var width, var height]
        && int.TryParse(width, NumberStyles.None, CultureInfo.InvariantCulture, out var wide)
        && int.TryParse(height, NumberStyles.None, CultureInfo.InvariantCulture, out var high)
            ? (wide, high)
            : null;

    /// <summary>A price of an image is of one quality. Where tokens are billed, a better one has more of them, within the model's most.</summary>
    private static IReadOnlyList<RateCard> Checked(IReadOnlyList<RateCard> cards, JsonElement body) =>
        cards.HasFee(UsageCategory.Image) && body.FindString("quality") is { } quality and not "standard"
            ? throw new BadRequestException($"'quality' is '{quality}', which is not priced. Leave it out.")
            : cards;
}
