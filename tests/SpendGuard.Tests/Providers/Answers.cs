using System.Text.Json;
using SpendGuard.Billing;

namespace SpendGuard.Tests.Providers;

/// <summary>Has readers read what is written as text.</summary>
internal static class Answers
{
    public static JsonElement Json(string json) => JsonDocument.Parse(json).RootElement;

    public static ProviderReport Read(this AnswerReader reader, string answer) => reader.ReadAnswer(Json(answer));

    /// <summary>Reads a stream; an empty event is one that is skipped.</summary>
    public static ProviderReport ReadStream(this AnswerReader reader, bool ended, params string[] events)
    {
        foreach (var data in events)
        {
            if (data.Length == 0)
            {
                reader.SkipEvent();
            }
            else
            {
                reader.ReadEvent(Json(data));
            }
        }

        if (ended)
        {
            reader.EndStream();
        }

        return reader.Report;
    }
}
