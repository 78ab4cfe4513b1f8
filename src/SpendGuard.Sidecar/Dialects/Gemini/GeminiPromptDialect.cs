using SpendGuard.Sidecar.Calls;

namespace SpendGuard.Sidecar.Dialects.Gemini;

/// <summary>The short form of a Gemini call that the run route takes: it is put into Gemini's own format, and goes on as a call of that.</summary>
internal sealed class GeminiPromptDialect : GeminiDialect
{
    public override Call Read(Call call)
    {
        var prompt = GeminiPrompt.Read(call);
        return base.Read(call with { Body = prompt.ToNative(), NamedModel = ModelName.InAddress(prompt.Model) });
    }
}
