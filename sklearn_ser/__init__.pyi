from . import caching as caching
from . import classification as classification
from . import datasets as datasets
from . import exceptions as exceptions
from . import features as features
from .caching import DiskCache as DiskCache
from .classification import CNNEmotionClassifier as CNNEmotionClassifier
from .datasets import Recordings as Recordings
from .datasets import load_corpus as load_corpus
from .datasets import load_crema_d as load_crema_d
from .datasets import load_emodb as load_emodb
from .datasets import load_ravdess as load_ravdess
from .datasets import load_savee as load_savee
from .datasets import load_table as load_table
from .datasets import load_tess as load_tess
from .datasets import make_emotional_speech as make_emotional_speech
from .features import MFCC_PRESETS as MFCC_PRESETS
from .features import AmplitudeEnvelopeTransformer as AmplitudeEnvelopeTransformer
from .features import CepstralNormalizer as CepstralNormalizer
from .features import CepstrumTransformer as CepstrumTransformer
from .features import DeltaTransformer as DeltaTransformer
from .features import FunctionalsTransformer as FunctionalsTransformer
from .features import LogMelTransformer as LogMelTransformer
from .features import MFCCTransformer as MFCCTransformer
from .features import STFTTransformer as STFTTransformer

__version__: str
