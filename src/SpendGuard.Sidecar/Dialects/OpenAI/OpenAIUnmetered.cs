namespace SpendGuard.Sidecar.Dialects.OpenAI;

/// <summary>What OpenAI offers beside what is metered here.</summary>
internal static class OpenAIUnmetered
{
    public static IReadOnlyList<UnmeteredService> Services { get; } =
    [
        new("batches", "Of batches, OpenAI's own are metered, by their ids: made, asked for, cancelled. Make the calls one by one, or the batch there."),
        new("files", "Stored files are not metered, but for those of batches: what a call adds of one cannot be seen here. Put its content into the call."),
        new("uploads", "Stored files are not metered: what a call adds of one cannot be seen here. Put its content into the call."),
        new("vector_stores", "Stored files are not metered: they cost by the day. Put what is needed into the call."),
        new("containers", "Containers are not metered: they cost by the session, whatever is done there."),
        new("conversations", "Stored conversations are not metered: what a call adds of one cannot be seen here. Send it with each call."),
        new("assistants", "Assistants are not metered: one runs as often as it likes. Make the calls yourself."),
        new("threads", "Assistants are not metered: one runs as often as it likes. Make the calls yourself."),
        new("realtime", "Sessions are not metered: what is said in one goes past the sidecar. Make single calls."),
        new("images", "Images that are made of others are not metered: what goes in costs more than text, and no card has a price for it. Make them of a prompt."),
        new("audio", "Speech is not metered over HTTP; in process it is, with the decorators."),
        new("videos", "Videos are not metered: the price book has none."),
        new("moderations", "Moderations are not metered: the price book has none."),
        new("fine_tuning", "Training is not metered: the price book has none."),
        new("evals", "Evaluations are not metered: one makes as many calls as it likes. Make the calls yourself."),
        new("v1/completions", "Completions of plain text are not metered. Make it a chat completion."),
    ];
}
